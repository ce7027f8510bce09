"""The list of residents, and how somebody is found on it by what is typed."""
