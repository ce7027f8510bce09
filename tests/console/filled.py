"""A form as a browser without JavaScript would send it: what stands in it, and what somebody changes."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    """The fields of the form that posts to ``action``."""

    def __init__(self, action):
        super().__init__()
        self._action, self._inside = action, False
        self._select = self._area = None
        self.fields = {}

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self._inside = at.get("action") == self._action
        elif self._inside and tag == "input":
            self._input(at)
        elif self._inside and tag == "select":
            self._select, self._first = at["name"], True
        elif self._inside and tag == "textarea":
            self._area = at["name"]
            self.fields[self._area] = [""]
        elif self._inside and tag == "option" and (self._first or "selected" in at):
            self.fields[self._select], self._first = [at["value"]], False

    def _input(self, at):
        if at.get("type") in {"checkbox", "radio"} and "checked" not in at:
            return
        self.fields.setdefault(at["name"], []).append(at.get("value", ""))

    def handle_data(self, data):
        if self._area:
            self.fields[self._area][0] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self._area = None
        if tag == "form":
            self._inside = False


def filled(page, action, **changed):
    """The fields of this form on this page; ``changed`` are those that are filled in otherwise."""
    form = _Form(action)
    form.feed(page.text)
    assert form.fields, f"no form to {action}"
    return form.fields | changed
