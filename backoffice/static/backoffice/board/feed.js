/* The live feed: one WebSocket per territory. Each remembers its position (`seq`) and resumes there by itself. */

const SILENCE_TIMEOUT = 45_000; // milliseconds without a message; heartbeats come every 20 s
const FIRST_DELAY = 1_000; // milliseconds before a new attempt to connect, doubled by each failure
const MAX_DELAY = 30_000;
const CLOSE_CODES = { badRequest: 4400, signedOut: 4401, forbidden: 4403, tooManySockets: 4429, lost: 1006 };
const LONG_DELAYS = { [CLOSE_CODES.badRequest]: 60_000, [CLOSE_CODES.tooManySockets]: 60_000 };

class Subscription {
    constructor(feed, territory) {
        this.feed = feed;
        this.territory = territory;
        this.seq = null;
        this.failures = 0;
        this.open();
    }

    open() {
        clearTimeout(this.timer);
        const query = new URLSearchParams({ territory: this.territory });
        if (this.seq !== null) query.set("since", this.seq);
        this.isLive = false;
        this.retryAt = null;
        this.lastMessageAt = Date.now();
        const socket = new WebSocket(`${this.feed.url}?${query}`);
        this.socket = socket;
        socket.onmessage = (message) => socket === this.socket && this.receive(JSON.parse(message.data));
        socket.onclose = (event) => socket === this.socket && this.handleClose(event.code);
        this.feed.handlers.onStateChange();
    }

    receive(frame) {
        const now = Date.now();
        this.lastMessageAt = now;
        this.feed.lastMessageAt = now;
        if (frame.type === "hello") this.resume(frame, this.seq === null);
        else if (frame.type === "resync") this.resume(frame, true);
        else if (frame.type === "heartbeat") this.seq = frame.seq;
        else if (frame.type === "status_change" && frame.seq > this.seq) {
            this.seq = frame.seq;
            this.feed.handlers.onChange(frame);
        }
    }

    resume(frame, isReset) {
        this.seq = frame.seq;
        this.isLive = true;
        this.failures = 0;
        this.feed.handlers.onStateChange();
        if (isReset) this.feed.handlers.onReset();
    }

    handleClose(code) {
        this.detach();
        if (code === CLOSE_CODES.signedOut) this.feed.signOut();
        else if (code === CLOSE_CODES.forbidden) this.feed.removeForbidden(this.territory);
        else this.reconnect(code);
    }

    reconnect(code) {
        if (code === CLOSE_CODES.badRequest) this.seq = null; // the server has refused this position
        const delay = LONG_DELAYS[code] ?? Math.min(MAX_DELAY, FIRST_DELAY * 2 ** this.failures);
        this.failures += 1;
        this.openLater(delay * (0.5 + Math.random() / 2)); // after a restart not all boards at the same moment
    }

    openLater(delay) {
        clearTimeout(this.timer);
        this.retryAt = Date.now() + delay;
        this.timer = setTimeout(() => this.open(), delay);
        this.feed.handlers.onStateChange();
    }

    detach() {
        const socket = this.socket;
        this.socket = null;
        this.isLive = false;
        socket?.close();
    }

    end() {
        clearTimeout(this.timer);
        this.detach();
    }
}

export class Feed {
    /** `handlers` are onChange(frame), onReset(), onForbidden(), and onStateChange(). */
    constructor(url, handlers) {
        this.url = url;
        this.handlers = handlers;
        this.subscriptions = new Map();
        this.lastMessageAt = null;
        this.isSignedOut = false;
        setInterval(() => this.closeSilent(), 1000);
        addEventListener("offline", () => this.goOffline());
        addEventListener("online", () => this.goOnline());
    }

    /** Subscribe to these territories only; existing subscriptions to them are kept. */
    subscribe(territories) {
        if (this.isSignedOut) return;
        for (const [territory, subscription] of this.subscriptions) {
            if (!territories.includes(territory)) {
                subscription.end();
                this.subscriptions.delete(territory);
            }
        }
        for (const territory of territories) {
            if (!this.subscriptions.has(territory)) {
                this.subscriptions.set(territory, new Subscription(this, territory));
            }
        }
        this.handlers.onStateChange();
    }

    get state() {
        const subscriptions = [...this.subscriptions.values()];
        const live = subscriptions.filter((subscription) => subscription.isLive).length;
        const retries = subscriptions.map((subscription) => subscription.retryAt).filter((time) => time !== null);
        return {
            isSignedOut: this.isSignedOut,
            isOffline: !navigator.onLine && live === 0,
            live,
            total: subscriptions.length,
            retryAt: retries.length ? Math.min(...retries) : null,
            lastMessageAt: this.lastMessageAt,
        };
    }

    signOut() {
        this.isSignedOut = true;
        for (const subscription of this.subscriptions.values()) subscription.end();
        this.handlers.onStateChange();
    }

    removeForbidden(territory) {
        this.subscriptions.delete(territory);
        this.handlers.onForbidden();
        this.handlers.onStateChange();
    }

    closeSilent() {
        for (const subscription of this.subscriptions.values()) {
            const silence = Date.now() - subscription.lastMessageAt;
            if (subscription.socket && silence > SILENCE_TIMEOUT) subscription.handleClose(CLOSE_CODES.lost);
        }
    }

    goOffline() {
        for (const subscription of this.subscriptions.values()) {
            if (subscription.socket) subscription.handleClose(CLOSE_CODES.lost);
        }
    }

    goOnline() {
        if (this.isSignedOut) return;
        for (const subscription of this.subscriptions.values()) {
            if (!subscription.socket) subscription.openLater(Math.random() * 300);
        }
    }
}
