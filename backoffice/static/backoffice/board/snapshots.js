/* Requests to the server: for the whole board, and for some of its orders. */

const RETRY_DELAY = 3_000; // milliseconds
const BATCH_DELAY = 250;

export class Snapshots {
    /** `handlers` are onRequest(), onBoard(snapshot), onCards(answer), onSignedOut(), and onForbidden(). */
    constructor(url, handlers, maxIds) {
        this.url = url;
        this.handlers = handlers;
        this.query = null;
        this.boardDueAt = Infinity;
        this.missingIds = new Set();
        this.maxIds = maxIds;
    }

    stop() {
        this.isStopped = true;
        clearTimeout(this.boardTimer);
        clearTimeout(this.cardsTimer);
    }

    /** Request the whole board in `delay` milliseconds at the latest, and again until it has arrived. */
    requestBoard(query, delay) {
        const dueAt = Date.now() + delay;
        if (this.isStopped || (query === this.query && this.boardDueAt <= dueAt)) return;
        if (query !== this.query) {
            this.request?.abort(); // its filters are no longer chosen
            this.request = null;
        }
        this.query = query;
        this.boardDueAt = dueAt;
        clearTimeout(this.boardTimer);
        this.boardTimer = setTimeout(() => this.fetchBoard(), delay);
    }

    async fetchBoard() {
        this.boardDueAt = Infinity;
        this.request?.abort();
        const request = new AbortController();
        this.request = request;
        this.handlers.onRequest();
        const answer = await this.get(this.query, request.signal);
        if (this.request !== request) return;
        this.request = null;
        if (answer) this.handlers.onBoard(answer);
    }

    /** Request these orders, in one batch with others that are requested at about the same time. */
    requestCards(ids) {
        for (const id of ids) this.missingIds.add(id);
        if (this.missingIds.size) this.cardsTimer ??= setTimeout(() => this.fetchCards(), BATCH_DELAY);
    }

    async fetchCards() {
        const ids = [...this.missingIds].slice(0, this.maxIds);
        const answer = await this.get(new URLSearchParams({ ids: ids.join(",") }));
        this.cardsTimer = null;
        if (answer) {
            for (const id of ids) this.missingIds.delete(id);
            this.handlers.onCards(answer);
        }
        if (this.missingIds.size && !this.isStopped) {
            this.cardsTimer = setTimeout(() => this.fetchCards(), answer ? 0 : RETRY_DELAY);
        }
    }

    /** Return the answer, or null after a failure. With a `signal` this is the board, which is requested again. */
    async get(query, signal) {
        if (this.isStopped) return null;
        try {
            const headers = { Accept: "application/json" };
            const response = await fetch(`${this.url}?${query}`, { signal, headers, cache: "no-store" });
            if (response.ok) return await response.json();
            if (response.status === 401) this.handlers.onSignedOut();
            else if (response.status === 403) this.handlers.onForbidden();
            else throw new Error(response.status);
        } catch (error) {
            if (error.name !== "AbortError" && signal) this.requestBoard(this.query, RETRY_DELAY);
        }
        return null;
    }
}
