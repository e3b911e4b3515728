/*
 * <operator-picker data-url>: suggests operators for the text that is typed. Contains a text input, a hidden input for
 * the id, and an element for the training of the selected operator. Without this script the server resolves the text.
 */

const TYPING_DELAY = 150; // milliseconds after the last key
let pickers = 0;

function createElement(name, properties = {}, ...children) {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
}

function setAttributes(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}

function createBadge({ label, tone }) {
    const badge = createElement("span", { className: "badge", textContent: label });
    badge.dataset.tone = tone;
    return badge;
}

function createOption(id, operator) {
    const phone = createElement("span", { className: "phone", textContent: operator.phone });
    const name = createElement("span", {}, operator.name, phone);
    const option = createElement("li", { id, operator }, name, createBadge(operator.training));
    setAttributes(option, { role: "option", "aria-selected": "false" });
    return option;
}

function createHint(text) {
    const hint = createElement("li", { className: "hint", textContent: text });
    setAttributes(hint, { role: "option", "aria-disabled": "true" });
    return hint;
}

class OperatorPicker extends HTMLElement {
    connectedCallback() {
        if (this.list) return;
        this.input = this.querySelector("input[type=text]");
        this.idInput = this.querySelector("input[type=hidden]");
        this.training = this.querySelector("[data-training]");
        pickers += 1;
        this.list = createElement("ul", { id: `operators-found-${pickers}`, hidden: true });
        setAttributes(this.list, { role: "listbox", "aria-label": "Operators" });
        this.list.addEventListener("pointerdown", (event) => {
            event.preventDefault(); // the input keeps the focus
            this.select(event.target.closest("[role=option]")?.operator);
        });
        this.input.after(this.list);
        this.prepareInput();
    }

    prepareInput() {
        Object.assign(this.input, { placeholder: "Name or phone", autocomplete: "off" });
        setAttributes(this.input, {
            role: "combobox",
            "aria-autocomplete": "list",
            "aria-expanded": "false",
            "aria-controls": this.list.id,
        });
        this.input.addEventListener("input", () => this.handleInput());
        this.input.addEventListener("focus", () => this.idInput.value || this.search());
        this.input.addEventListener("blur", () => this.close());
        this.input.addEventListener("keydown", (event) => this.handleKey(event));
    }

    handleInput() {
        this.idInput.value = "";
        this.training.replaceChildren();
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.search(), TYPING_DELAY);
    }

    async search() {
        const url = new URL(this.dataset.url, location.href);
        url.searchParams.set("q", this.input.value);
        this.request?.abort();
        this.request = new AbortController();
        const { signal } = this.request;
        try {
            const response = await fetch(url, { signal, headers: { Accept: "application/json" } });
            if (!response.ok || response.redirected) throw new Error("refused");
            this.showResults(await response.json());
        } catch (error) {
            if (error.name !== "AbortError") this.showHint("The list cannot be reached. Type the phone number.");
        }
    }

    showResults({ operators, more }) {
        if (!operators.length) return this.showHint("No active operator has this name or phone.");
        const options = operators.map((operator, index) => createOption(`${this.list.id}-${index}`, operator));
        this.list.replaceChildren(...options);
        if (more) this.list.append(createHint("More: go on typing."));
        this.toggle(document.activeElement === this.input);
    }

    showHint(text) {
        this.list.replaceChildren(createHint(text));
        this.toggle(document.activeElement === this.input);
    }

    toggle(isOpen) {
        this.list.hidden = !isOpen;
        this.input.setAttribute("aria-expanded", String(isOpen));
        this.input.removeAttribute("aria-activedescendant");
    }

    close() {
        clearTimeout(this.timer);
        this.request?.abort();
        this.toggle(false);
    }

    select(operator) {
        if (!operator) return;
        this.input.value = operator.label;
        this.idInput.value = operator.id;
        this.training.replaceChildren(createBadge(operator.training));
        this.close();
    }

    handleKey(event) {
        const options = [...this.list.querySelectorAll("[role=option]:not([aria-disabled])")];
        const current = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
        if (event.key === "Escape") this.close();
        else if (event.key === "Enter" && !this.list.hidden) {
            event.preventDefault();
            this.select((options[current] ?? (options.length === 1 ? options[0] : undefined))?.operator);
        } else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
            event.preventDefault();
            if (this.list.hidden) this.search();
            else this.highlight(options, current + (event.key === "ArrowDown" ? 1 : -1));
        }
    }

    highlight(options, index) {
        const highlighted = options.at(index % (options.length || 1));
        for (const option of options) option.setAttribute("aria-selected", String(option === highlighted));
        if (!highlighted) return;
        this.input.setAttribute("aria-activedescendant", highlighted.id);
        highlighted.scrollIntoView({ block: "nearest" });
    }
}

customElements.define("operator-picker", OperatorPicker);
