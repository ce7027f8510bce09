"""What the replies to a provider mostly consist of, so that keeping one costs little more than what differs in it.

Replies that are kept can be read only with the words of that day: a number's words never change. Better ones get the
next number.
"""

from collections.abc import Mapping

_TWIML = (
    '</Dial><Dial action="http://" answerOnBridge="true" callerId="+86" timeLimit="600"><Number statusCallback='
    '" statusCallbackEvent="completed" url="</Number><Record finishOnKey="#" maxLength="60" playBeep="true" '
    'recordingStatusCallback="recordingStatusCallbackMethod="POST" recordingStatusCallbackEvent="completed absent" '
    'timeout="6" trim="do-not-trim" /><Say language="zh-CN" voice="Polly.Zhiyu-Neural"></Say><Redirect method="POST">'
    'language="en" input="dtmf speech" enhanced="true" speechTimeout="auto" hints=",numDigits="8" finishOnKey="#" '
    '<?xml version="1.0" encoding="UTF-8"?><Response><Gather action="https://http://127.0.0.1:8000/telephony/calls/'
    "-7-8-9-a-b/turns/2?step=menu&amp;step=offer&amp;step=goodbye&amp;step=unwell-0&amp;step=ok-0&amp;play=2&amp;"
    '/turns/1?step=ask-0&amp;play=1&amp;language=zh-CN" actionOnEmptyResult="false" finishOnKey="" input="dtmf" '
    'method="POST" numDigits="1" timeout="1"><Pause length="3" /><Pause length="1" /><Play>http://127.0.0.1:8000/'
    'telephony/audio/.wav</Play></Gather><Hangup /></Response>" actionOnEmptyResult="true" finishOnKey="" '
    'input="dtmf" method="POST" numDigits="1" timeout="10"><Pause length="1" /><Play>https://'
)
NEWEST = 1
WORDS: Mapping[int, bytes] = {1: _TWIML.encode()}
"""By number, from 1 to 8: no text begins with such a byte."""
