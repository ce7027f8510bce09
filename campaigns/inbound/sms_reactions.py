"""Reactions: what a messenger writes as a text where somebody has only tapped "like" on one of ours.

The wording is that of the two common messengers when they fall back to SMS ("Liked “…”", "Reacted 👍 to “…”",
"👍 to “…”", "赞了“…”"), and of the same taken back. A reaction says nothing about anybody: it is kept, makes nobody
well, and needs no person. Whatever else stands in the text makes it a message again.
"""

import re

_UNSEEN = re.compile("[\u200a-\u200f\u2060\ufeff\ufe0e\ufe0f]")
_EMOJI = r"[^\w\s“”\"'‘’「」『』«»„,.;:!?，。；：！？…]{1,12}"
_QUOTES = (
    r"“(?:[^“”]|“[^“”]*”)*(?:”|…|\.\.\.)",
    r"\"[^\"]*(?:\"|…|\.\.\.)",
    r"‘.*[’…]",
    r"'.*['…]",
    r"「[^」]*[」…]",
    r"『[^』]*[』…]",
    r"«[^»]*[»…]",
    r"„.*[“”…]",
)
_QUOTE = f"(?:{'|'.join(_QUOTES)})"
_THING = r"an? (?:image|photo|picture|movie|video|link|attachment|voice message|audio message|message|sticker|location)"
_MARK = (
    r"(?:like|heart|love|dislike|laugh|exclamation(?: point| mark)?|emphasis|question(?: mark)?|reaction"
    rf"|{_EMOJI}(?: reaction)?)"
)
_ENGLISH = re.compile(
    rf"(?:(?:liked|loved|disliked|laughed at|emphasi[sz]ed|questioned|(?:reacted (?:with )?)?{_EMOJI} to"
    rf"|removed (?:(?:an?|the|their) )?{_MARK} from) ?(?:{_QUOTE}|{_THING}))",
    re.IGNORECASE | re.DOTALL,
)
_PICTURE = r"(?:一?张?(?:图片|照片)|一?段?(?:视频|语音)|一?个?(?:链接|附件))"
_SAID = r"(?:点?赞|喜[欢爱]|爱心|红?心|不喜欢|踩|大?笑|哈哈|好笑|强调|感叹号?|质疑|疑问|问号|回[应复]|反应|表情)"
_OF = r"(?:对|给|为)"
_TAPPED = rf"(?:{_EMOJI} ?的?{_SAID}?|{_SAID})"
_CHINESE = re.compile(
    rf"(?:点?赞|(?:已(?:点?赞|喜[欢爱])|(?:点?赞|喜[欢爱]|不喜欢|踩|大笑|强调|质疑|回应)了)|{_EMOJI}"
    rf"|(?:用|以) ?{_EMOJI} ?(?:回[应复]|表态)了?) ?(?:{_QUOTE}|{_PICTURE})"
    rf"|觉得 ?{_QUOTE} ?很?(?:好笑|搞笑)"
    rf"|{_OF} ?{_QUOTE} ?(?:(?:做出|作出|表示|添加|点)了?)? ?(?:一?个)?{_TAPPED}了?"
    rf"|(?:移除|取消|撤回|删除)了?{_OF} ?{_QUOTE} ?的? ?{_TAPPED}",
    re.DOTALL,
)
_KIND_SIGNS = re.compile("[👍🙏👌👏🤝💪😊🙂☺😀😄😁🥰😘❤♥💕💖🌹🌷💐✅🏻🏼🏽🏾🏿\u200d\\s]+")


def is_reaction(body: str) -> bool:
    """Whether the *whole* text is a messenger's word for a reaction, or for one taken back."""
    plain = _UNSEEN.sub("", body).strip().rstrip("。.").rstrip()
    return bool(_ENGLISH.fullmatch(plain) or _CHINESE.fullmatch(plain))


def is_kind_sign(body: str) -> bool:
    """Whether a text is nothing but pictures that say thanks: from a relative or a helper they need nobody."""
    plain = _UNSEEN.sub("", body)
    return bool(plain.strip() and _KIND_SIGNS.fullmatch(plain))
