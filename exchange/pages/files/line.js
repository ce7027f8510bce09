// The telephone line: a WebSocket that comes back when the connection was lost.
const SUPERSEDED = 4001;
const LONGEST_WAIT = 5000;

/** Connects the telephone of a number. `hear` gets each message, `connected` whether the line stands. */
export class Line {
  constructor(number, hear, connected) {
    this.url = new URL(`/telephones/${encodeURIComponent(number)}/line`, location.href);
    this.url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    this.hear = hear;
    this.connected = connected;
    this.wait = 500;
    this.connect();
  }

  connect() {
    this.socket = new WebSocket(this.url);
    this.socket.onopen = () => { this.wait = 500; this.connected(true); };
    this.socket.onmessage = (event) => this.hear(JSON.parse(event.data));
    this.socket.onclose = (event) => {
      if (event.code === SUPERSEDED) return;
      this.connected(false);
      setTimeout(() => this.connect(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    };
  }

  /** Says something to the exchange, if the line stands. */
  say(type, more = {}) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify({ type, ...more }));
  }
}
