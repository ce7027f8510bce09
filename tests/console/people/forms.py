"""Forms as a browser fills them in: what stands in them, changed here and there, and sent."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self._form, self._select, self._area = {}, None, None, None

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "form" and told.get("method") == "dialog":
            return  # it closes a window of the page, and is sent nowhere
        if tag == "form":
            self._form = self.found.setdefault(told.get("action"), {})
        elif self._form is None:
            return
        elif tag == "input" and told.get("name"):
            if told.get("type") == "checkbox":
                if "checked" in told:
                    self._form.setdefault(told["name"], []).append(told["value"])
            else:
                self._form[told["name"]] = told.get("value", "")
        elif tag == "select":
            self._select = told["name"]
        elif tag == "option" and self._select and ("selected" in told or self._select not in self._form):
            self._form[self._select] = told.get("value", "")
        elif tag == "textarea":
            self._area = told["name"]
            self._form[self._area] = ""

    def handle_data(self, data):
        if self._area:
            self._form[self._area] += data.removeprefix("\n")

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None


def forms(page):
    """What stands in each form of a page, by where it is sent."""
    found = _Forms()
    found.feed(page.text)
    return found.found


def send(browser, path, action, **typed):
    """Opens the page, fills this form in otherwise, and sends it."""
    return browser.post(action, data=forms(browser.get(path))[action] | typed)
