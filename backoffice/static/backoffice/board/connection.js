/* Whether what stands on the board is true now, always in sight. */

export class Connection {
    constructor(element, clock, login) {
        this.element = element;
        this.clock = clock;
        this.login = login;
        this.word = element.querySelector("strong");
        this.heard = element.querySelector(".heard");
        setInterval(() => this.show(), 1000);
    }

    set(state) {
        this.state = state;
        this.show();
    }

    show() {
        if (!this.state) return;
        const [name, text] = this.words(this.state);
        this.name = name;
        this.element.dataset.state = name;
        document.body.dataset.connection = name;
        if (this.word.textContent !== text) this.word.textContent = text;
        const heard = this.state.heardAt
            ? `last message ${this.clock.exact.format(this.state.heardAt + this.clock.ahead)}`
            : "";
        if (name === "signed-out") this.offerSignIn();
        else if (this.heard.textContent !== heard) this.heard.textContent = heard;
    }

    words({ isSignedOut, isOffline, live, total, retryAt }) {
        const wait = retryAt === null ? 0 : Math.max(1, Math.ceil((retryAt - Date.now()) / 1000));
        if (isSignedOut) return ["signed-out", "Signed out"];
        if (total === 0) return ["none", "Nothing to watch"];
        if (live === total) return ["live", "Live"];
        if (isOffline) return ["offline", "Offline"];
        const some = live ? `${live} of ${total} live, ` : "";
        if (wait) return ["reconnecting", `${some ? `${some}reconnecting` : "Reconnecting"} in ${wait} s`];
        return ["connecting", some ? `${some}connecting` : "Connecting"];
    }

    offerSignIn() {
        if (this.heard.querySelector("a")) return;
        const link = document.createElement("a");
        const here = location.pathname + location.search;
        link.href = `${this.login}?${new URLSearchParams({ next: here })}`;
        link.textContent = "Sign in";
        this.heard.replaceChildren(link);
    }
}
