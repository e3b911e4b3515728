/* What the board knows: cards and counts. Whatever comes twice or late changes nothing. */

export class Ledger {
    constructor() {
        this.clear();
    }

    clear() {
        this.isLoaded = false;
        this.cards = new Map();
        this.counts = new Map();
        this.positions = {};
    }

    /* Begin anew with a snapshot, and then tell again what was heard since it was asked for. */
    replace(snapshot, heardSince) {
        this.isLoaded = true;
        this.positions = snapshot.positions;
        this.cards = new Map(snapshot.cards.map((card) => [card.id, card]));
        this.counts = new Map();
        for (const [kind, states] of Object.entries(snapshot.counts)) {
            for (const [status, number] of Object.entries(states)) this.counts.set(`${kind} ${status}`, number);
        }
        for (const change of heardSince) this.apply(change);
    }

    /* One change from the feed. Answers whether the card it is about is still to be fetched. */
    apply(change) {
        if (change.seq > (this.positions[change.territory_id] ?? 0)) {
            this.positions[change.territory_id] = change.seq;
            this.count(change.order_kind, change.previous_status, -1);
            this.count(change.order_kind, change.status, +1);
        }
        const card = this.cards.get(change.order_id);
        if (card && !isKnown(card, change)) {
            card.status = change.status;
            card.since = change.timestamp;
            card.mark = { territory: change.territory_id, seq: change.seq };
        }
        return !card;
    }

    /* A card that was fetched by itself; answers whether it says anything new. */
    learn(card) {
        const known = this.cards.get(card.id);
        if (known && Date.parse(known.since) > Date.parse(card.since) && !isAhead(card, known)) return false;
        this.cards.set(card.id, card);
        return true;
    }

    count(kind, status, by) {
        if (status === null) return;
        const key = `${kind} ${status}`;
        this.counts.set(key, Math.max(0, (this.counts.get(key) ?? 0) + by));
    }

    total(states, kinds) {
        let sum = 0;
        for (const status of states) for (const kind of kinds) sum += this.counts.get(`${kind} ${status}`) ?? 0;
        return sum;
    }
}

function isKnown(card, change) {
    if (card.mark?.territory === change.territory_id) return change.seq <= card.mark.seq;
    return Date.parse(change.timestamp) < Date.parse(card.since); // the order has moved to another territory
}

function isAhead(card, known) {
    return card.mark && card.mark.territory === known.mark?.territory && card.mark.seq >= known.mark.seq;
}
