"""What a browser is told with every answer of the exchange: only its own scripts, framed by nobody, no referrer.

Sounds come from the service, wherever that is.
"""

from aiohttp import web

POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "style-src-attr 'unsafe-inline'",
    "img-src 'self'", "font-src 'self'", "media-src 'self' http: https: blob:", "form-action 'self'",
    "base-uri 'none'", "frame-ancestors 'none'",
))  # fmt: skip
HEADERS = {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


async def secure(request: web.Request, response: web.StreamResponse) -> None:
    """Adds the headers. Some browsers do not take a WebSocket of the page's own host for ``'self'``."""
    lines = f"connect-src 'self' ws://{request.host} wss://{request.host}"
    response.headers.update({**HEADERS, "Content-Security-Policy": f"{POLICY}; {lines}"})
