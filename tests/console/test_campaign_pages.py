import pytest
from fastapi.testclient import TestClient
from audio.clips.store import ClipStore
from tests.console import street
from zaoan.web.app import web_app
from campaigns.models import Outcome

@pytest.fixture
def browser(neighbourhood, tmp_path):
    with TestClient(web_app(ClipStore(tmp_path / "clips")), base_url="http://127.0.0.1:8000") as client:
        yield client

def test_smoke(browser):
    for a in ("/campaigns","/campaigns/new","/rounds"):
        r=browser.get(a+"?language=en"); assert r.status_code==200, r.text[-2000:]
    rid=street.begin_round()
    street.answer("刘奶奶", Outcome.UNWELL)
    import re
    r=browser.get("/campaigns?language=en"); assert r.status_code==200
    cid=re.search(r'/campaigns/([0-9a-f-]{36})',r.text)[1]
    for a in (f"/campaigns/{cid}",f"/campaigns/{cid}/edit",f"/campaigns/{cid}/people","/rounds",f"/rounds/{rid}"):
        r=browser.get(a+"?language=en"); assert r.status_code==200, (a,r.text[-3000:])
        open("/dev/shm/"+a.replace("/","_")[:14]+a[-6:].replace("/","_")+".html","w").write(r.text)
