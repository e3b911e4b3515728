/* Show whether the board is up to date: the state of the feed's connections and the time of the last message. */

export class ConnectionStatus {
    constructor(element, clock, loginUrl) {
        this.element = element;
        this.clock = clock;
        this.loginUrl = loginUrl;
        this.label = element.querySelector("strong");
        this.detail = element.querySelector(".detail");
        setInterval(() => this.render(), 1000);
    }

    update(state) {
        this.state = state;
        this.render();
    }

    render() {
        if (!this.state) return;
        const [name, text] = describe(this.state);
        this.name = name;
        this.element.dataset.state = name;
        document.body.dataset.connection = name;
        if (this.label.textContent !== text) this.label.textContent = text;
        if (name === "signed-out") this.showLoginLink();
        else this.showLastMessageTime();
    }

    showLastMessageTime() {
        const { lastMessageAt } = this.state;
        const time = lastMessageAt && this.clock.exact.format(lastMessageAt + this.clock.offset);
        const text = time ? `last message ${time}` : "";
        if (this.detail.textContent !== text) this.detail.textContent = text;
    }

    showLoginLink() {
        if (this.detail.querySelector("a")) return;
        const query = new URLSearchParams({ next: location.pathname + location.search });
        const link = Object.assign(document.createElement("a"), { href: `${this.loginUrl}?${query}` });
        link.textContent = "Sign in";
        this.detail.replaceChildren(link);
    }
}

/** Return the name of the state, for style sheets, and its label. */
function describe({ isSignedOut, isOffline, live, total, retryAt }) {
    if (isSignedOut) return ["signed-out", "Signed out"];
    if (total === 0) return ["none", "Nothing to watch"];
    if (live === total) return ["live", "Live"];
    if (isOffline) return ["offline", "Offline"];
    const prefix = live ? `${live} of ${total} live, ` : "";
    if (retryAt !== null) {
        const seconds = Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
        return ["reconnecting", `${prefix ? `${prefix}reconnecting` : "Reconnecting"} in ${seconds} s`];
    }
    return ["connecting", prefix ? `${prefix}connecting` : "Connecting"];
}
