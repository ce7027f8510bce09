"""Asterisk, another company's telephone exchange, as a program that figures and tests run beside the trunk."""
