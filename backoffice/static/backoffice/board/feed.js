/* The live feed: one socket per territory. Each keeps its place (`seq`) and comes back to it by itself. */

const SILENCE = 45_000; // milliseconds after which a socket is taken for dead; heartbeats come every 20 s
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;
const LONG_PAUSES = { 4400: 60_000, 4429: 60_000 };
const SIGNED_OUT = 4401;
const NOT_ALLOWED = 4403;

class Line {
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
        this.heardAt = Date.now();
        const socket = new WebSocket(`${this.feed.address}?${query}`);
        this.socket = socket;
        socket.onmessage = (message) => socket === this.socket && this.hear(JSON.parse(message.data));
        socket.onclose = (closed) => socket === this.socket && this.lose(closed.code);
        this.feed.tellState();
    }

    hear(frame) {
        this.heardAt = this.feed.heardAt = Date.now();
        if (frame.type === "hello") this.enter(frame, this.seq === null);
        else if (frame.type === "resync") this.enter(frame, true);
        else if (frame.type === "heartbeat") this.seq = frame.seq;
        else if (frame.type === "status_change" && frame.seq > this.seq) {
            this.seq = frame.seq;
            this.feed.told.change(frame);
        }
    }

    enter(frame, isNew) {
        this.seq = frame.seq;
        this.isLive = true;
        this.failures = 0;
        this.feed.tellState();
        if (isNew) this.feed.told.begins(this.territory);
    }

    lose(code) {
        this.detach();
        if (code === SIGNED_OUT) this.feed.signOut();
        else if (code === NOT_ALLOWED) this.feed.refuse(this.territory);
        else this.comeBack(code);
    }

    comeBack(code) {
        if (code === 4400) this.seq = null; // our place in the feed was no good
        const pause = LONG_PAUSES[code] ?? Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.failures);
        this.failures += 1;
        this.wait(pause * (0.5 + Math.random() / 2)); // all boards come back after a restart, but not at once
    }

    wait(pause) {
        clearTimeout(this.timer);
        this.retryAt = Date.now() + pause;
        this.timer = setTimeout(() => this.open(), pause);
        this.feed.tellState();
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
    /* `told` has change(frame), begins(territory), refused(territory), state(): what this feed tells. */
    constructor(address, told) {
        this.address = address;
        this.told = told;
        this.lines = new Map();
        this.heardAt = null;
        this.isSignedOut = false;
        setInterval(() => this.lookAtClock(), 1000);
        addEventListener("offline", () => this.goOffline());
        addEventListener("online", () => this.comeOnline());
    }

    /* Watch these territories and no others; those already watched go on undisturbed. */
    watch(territories) {
        if (this.isSignedOut) return;
        for (const [territory, line] of this.lines) {
            if (!territories.includes(territory)) {
                line.end();
                this.lines.delete(territory);
            }
        }
        for (const territory of territories) {
            if (!this.lines.has(territory)) this.lines.set(territory, new Line(this, territory));
        }
        this.tellState();
    }

    get state() {
        const lines = [...this.lines.values()];
        const live = lines.filter((line) => line.isLive).length;
        const retries = lines.map((line) => line.retryAt).filter((time) => time !== null);
        return {
            isSignedOut: this.isSignedOut,
            isOffline: !navigator.onLine && live === 0,
            live,
            total: lines.length,
            retryAt: retries.length ? Math.min(...retries) : null,
            heardAt: this.heardAt,
        };
    }

    signOut() {
        this.isSignedOut = true;
        for (const line of this.lines.values()) line.end();
        this.tellState();
    }

    refuse(territory) {
        this.lines.delete(territory);
        this.told.refused(territory);
        this.tellState();
    }

    tellState() {
        this.told.state();
    }

    lookAtClock() {
        for (const line of this.lines.values()) {
            if (line.socket && Date.now() - line.heardAt > SILENCE) line.lose(1006);
        }
    }

    goOffline() {
        for (const line of this.lines.values()) if (line.socket) line.lose(1006);
    }

    comeOnline() {
        if (this.isSignedOut) return;
        for (const line of this.lines.values()) if (!line.socket) line.wait(Math.random() * 300);
    }
}
