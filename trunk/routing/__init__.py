"""Routing: which telephone company or gateway carries a call, how each stands, and how soon its calls ring."""
