"""What happens after "not OK": cases, policies, pages to responders, reports to relatives."""
