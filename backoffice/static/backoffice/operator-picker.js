// <operator-picker data-url>: finds operators while one types. Inside: a text input, a hidden one for the id, and a
// place that says what the training of the chosen one is worth. Without this script the text is sent, and understood.

const WAIT = 150; // milliseconds without a key before the server is asked
let count = 0;

function element(name, properties = {}, ...children) {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
}

function badge(training) {
    const made = element("span", { className: "badge", textContent: training.label });
    made.dataset.tone = training.tone;
    return made;
}

customElements.define(
    "operator-picker",
    class extends HTMLElement {
        connectedCallback() {
            if (this.list) return;
            this.words = this.querySelector("input[type=text]");
            this.chosen = this.querySelector("input[type=hidden]");
            this.said = this.querySelector("[data-training]");
            this.list = element("ul", { id: `operators-found-${++count}`, hidden: true });
            this.list.setAttribute("role", "listbox");
            this.list.setAttribute("aria-label", "Operators");
            this.words.after(this.list);
            this.words.placeholder = "Name or phone";
            this.words.autocomplete = "off";
            for (const [name, value] of [
                ["role", "combobox"],
                ["aria-autocomplete", "list"],
                ["aria-expanded", "false"],
                ["aria-controls", this.list.id],
            ]) {
                this.words.setAttribute(name, value);
            }
            this.words.addEventListener("input", () => this.typed());
            this.words.addEventListener("focus", () => this.chosen.value || this.ask());
            this.words.addEventListener("blur", () => this.close());
            this.words.addEventListener("keydown", (event) => this.pressed(event));
            this.list.addEventListener("pointerdown", (event) => {
                event.preventDefault(); // the text keeps the focus
                const option = event.target.closest("[role=option]");
                if (option) this.choose(option.operator);
            });
        }

        typed() {
            this.chosen.value = "";
            this.said.replaceChildren();
            clearTimeout(this.timer);
            this.timer = setTimeout(() => this.ask(), WAIT);
        }

        async ask() {
            const url = new URL(this.dataset.url, location.href);
            url.searchParams.set("q", this.words.value);
            this.asked?.abort();
            this.asked = new AbortController();
            try {
                const response = await fetch(url, {
                    signal: this.asked.signal,
                    headers: { Accept: "application/json" },
                });
                if (!response.ok || response.redirected) throw new Error("refused");
                this.show(await response.json());
            } catch (error) {
                if (error.name !== "AbortError") this.hint("The list cannot be reached. Type the phone number.");
            }
        }

        show({ operators, more }) {
            const options = operators.map((operator, index) => {
                const name = element(
                    "span",
                    {},
                    operator.name,
                    element("span", { className: "phone", textContent: operator.phone }),
                );
                const option = element(
                    "li",
                    { id: `${this.list.id}-${index}`, operator },
                    name,
                    badge(operator.training),
                );
                option.setAttribute("role", "option");
                option.setAttribute("aria-selected", "false");
                return option;
            });
            this.list.replaceChildren(...options);
            if (!options.length) this.hint("No active operator has this name or phone.");
            else if (more) this.list.append(this.line("More: go on typing."));
            this.open(document.activeElement === this.words);
        }

        hint(text) {
            this.list.replaceChildren(this.line(text));
            this.open(document.activeElement === this.words);
        }

        line(text) {
            const line = element("li", { className: "hint", textContent: text });
            line.setAttribute("role", "option");
            line.setAttribute("aria-disabled", "true");
            return line;
        }

        open(isOpen) {
            this.list.hidden = !isOpen;
            this.words.setAttribute("aria-expanded", String(isOpen));
            this.words.removeAttribute("aria-activedescendant");
        }

        close() {
            clearTimeout(this.timer);
            this.asked?.abort();
            this.open(false);
        }

        choose(operator) {
            if (!operator) return;
            this.words.value = operator.label;
            this.chosen.value = operator.id;
            this.said.replaceChildren(badge(operator.training));
            this.close();
        }

        pressed(event) {
            const options = [...this.list.querySelectorAll("[role=option]:not([aria-disabled])")];
            const here = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
            if (event.key === "Escape") this.close();
            else if (event.key === "Enter" && !this.list.hidden) {
                event.preventDefault();
                this.choose((options[here] ?? (options.length === 1 ? options[0] : undefined))?.operator);
            } else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
                event.preventDefault();
                if (this.list.hidden) return void this.ask();
                this.mark(options, here + (event.key === "ArrowDown" ? 1 : -1));
            }
        }

        mark(options, place) {
            const option = options.at(place % (options.length || 1));
            for (const each of options) each.setAttribute("aria-selected", String(each === option));
            if (!option) return;
            this.words.setAttribute("aria-activedescendant", option.id);
            option.scrollIntoView({ block: "nearest" });
        }
    },
);
