/* Asking the server: for the whole board, and for some orders of it. */

const RETRY = 3_000;

export class Snapshots {
    constructor(address, told, idsAtOnce) {
        this.address = address;
        this.told = told; // board(snapshot), some(answer), signedOut(), refused(), failed()
        this.query = null;
        this.boardAt = Infinity;
        this.wanted = new Set();
        this.idsAtOnce = idsAtOnce;
    }

    /* Nobody answers any more. */
    stop() {
        this.isStopped = true;
        clearTimeout(this.boardTimer);
        clearTimeout(this.someTimer);
    }

    /* The whole board, in `delay` milliseconds at the latest; asked again until an answer has come. */
    wantBoard(query, delay) {
        const at = Date.now() + delay;
        if (this.isStopped || (query === this.query && this.boardAt <= at)) return;
        if (query !== this.query) {
            this.asking?.abort(); // an answer to what nobody asks any more
            this.asking = null;
        }
        this.query = query;
        this.boardAt = at;
        clearTimeout(this.boardTimer);
        this.boardTimer = setTimeout(() => this.askBoard(), delay);
    }

    async askBoard() {
        this.boardAt = Infinity;
        this.asking?.abort();
        const asking = new AbortController();
        this.asking = asking;
        this.told.asked();
        const answer = await this.get(this.query, asking.signal);
        if (this.asking !== asking) return;
        this.asking = null;
        if (answer) this.told.board(answer);
    }

    /* Details of these orders, with those of others that are wanted at the same time. */
    wantSome(ids) {
        for (const id of ids) this.wanted.add(id);
        if (this.wanted.size) this.someTimer ??= setTimeout(() => this.askSome(), 250);
    }

    async askSome() {
        const ids = [...this.wanted].slice(0, this.idsAtOnce);
        const answer = await this.get(new URLSearchParams({ ids: ids.join(",") }));
        this.someTimer = null;
        if (answer) {
            for (const id of ids) this.wanted.delete(id);
            this.told.some(answer);
        }
        if (this.wanted.size && !this.isStopped) this.someTimer = setTimeout(() => this.askSome(), answer ? 0 : RETRY);
    }

    async get(query, signal) {
        if (this.isStopped) return null;
        try {
            const answer = await fetch(`${this.address}?${query}`, {
                signal,
                cache: "no-store",
                headers: { Accept: "application/json" },
            });
            if (answer.ok) return await answer.json();
            if (answer.status === 401) this.told.signedOut();
            else if (answer.status === 403) this.told.refused();
            else throw new Error(answer.status);
        } catch (trouble) {
            if (trouble.name !== "AbortError" && signal) this.wantBoard(this.query, RETRY);
        }
        return null;
    }
}
