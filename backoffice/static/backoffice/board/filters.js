/* The filters of the board. They are kept in the address of the page, so that it can be shared and reloaded. */

const EQUIPMENT_KINDS = ["LEASE", "RENT"];

export class Filters {
    constructor(form, config, onChange) {
        this.form = form;
        this.config = config;
        this.allKinds = optionValues(form.elements.kind);
        const query = new URLSearchParams(location.search);
        this.startOfDay = "";
        this.refusedTerritory = null; // named in the address, but not visible to this user
        for (const name of ["territory", "kind"]) this.select(name, query.get(name) ?? "");
        form.addEventListener("change", () => {
            this.refusedTerritory = null;
            this.updateAddress();
            onChange();
        });
        form.addEventListener("submit", (event) => event.preventDefault());
    }

    select(name, value) {
        const select = this.form.elements[name];
        if (optionValues(select).includes(value)) select.value = value;
        else if (name === "territory") this.refusedTerritory = value || null;
    }

    get territory() {
        return this.form.elements.territory.value;
    }

    get kind() {
        return this.form.elements.kind.value;
    }

    get kinds() {
        return this.kind ? [this.kind] : this.allKinds;
    }

    get query() {
        const query = new URLSearchParams();
        if (this.territory) query.set("territory", this.territory);
        if (this.kind) query.set("kind", this.kind);
        return query.toString();
    }

    updateAddress() {
        history.replaceState(null, "", this.query ? `?${this.query}` : location.pathname);
    }

    /** Return the territories to subscribe to, as far as the page knows; the server decides. */
    watchedTerritories(max) {
        return this.territory ? [this.territory] : optionValues(this.form.elements.territory).slice(0, max);
    }

    /** Show all territories and kinds. Return false if they were shown before. */
    reset() {
        const queryBefore = this.query;
        this.refusedTerritory = this.territory || this.refusedTerritory;
        this.form.elements.territory.value = "";
        this.form.elements.kind.value = "";
        this.updateAddress();
        return queryBefore !== "";
    }

    /** Replace the territories to choose from. */
    setTerritories(territories) {
        const select = this.form.elements.territory;
        const ids = territories.map(({ id }) => id);
        if (ids.join() === optionValues(select).join()) return;
        const selected = select.value;
        select.replaceChildren(select.options[0], ...territories.map(({ id, name }) => new Option(name, id)));
        select.value = ids.includes(selected) ? selected : "";
    }

    /** Return label and address of the changelists that show the orders of a column, given by its dataset. */
    changelistLinks({ ordersStatuses, servicesStatuses, column }) {
        const links = [];
        const equipment = this.kinds.filter((kind) => EQUIPMENT_KINDS.includes(kind));
        const endedToday = column === "ended" ? { updated_at__gte: this.startOfDay } : {};
        if (ordersStatuses && equipment.length) {
            const kind = equipment.length === 1 ? { kind__exact: equipment[0] } : {};
            links.push(["orders", this.changelistUrl("orders", ordersStatuses, { ...kind, ...endedToday })]);
        }
        if (servicesStatuses && this.kinds.includes("SERVICE")) {
            links.push(["service orders", this.changelistUrl("services", servicesStatuses, endedToday)]);
        }
        return links;
    }

    changelistUrl(list, statuses, parameters) {
        const status = statuses.includes(",") ? { status__in: statuses } : { status__exact: statuses };
        const territory = this.territory ? { territory: this.territory } : {};
        return `${this.config.lists[list]}?${new URLSearchParams({ ...status, ...parameters, ...territory })}`;
    }

    /** Return paragraphs about what the board does not show. */
    notices({ territories, watching, outside }) {
        const notices = [];
        if (this.refusedTerritory) {
            const text = `You may not watch ${this.refusedTerritory}. These are the territories that you may.`;
            notices.push(createNotice(text));
        }
        if (!territories.length) {
            const text = "You are a member of no territory yet. A superuser can make you one: ";
            notices.push(createNotice(`${text}then their orders appear here by themselves.`));
        } else if (!this.territory && watching.length < territories.length) {
            const text = `Of ${territories.length} territories the first ${watching.length} are shown. `;
            notices.push(createNotice(`${text}Choose one to see the others.`));
        }
        if (outside && !this.territory) {
            const subject = `${outside} open order${outside > 1 ? "s lie" : " lies"}`;
            const text = `${subject} in no territory and so not on this board. `;
            notices.push(createNotice(text, this.config.lists.outside, "Show the list"));
        }
        return notices;
    }
}

function optionValues(select) {
    return [...select.options].map((option) => option.value).filter(Boolean);
}

function createNotice(text, address, label) {
    const notice = document.createElement("p");
    notice.className = "notice";
    notice.textContent = text;
    if (address) notice.append(Object.assign(document.createElement("a"), { href: address, textContent: label }));
    return notice;
}
