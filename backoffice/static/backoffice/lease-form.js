// The page on which a lease is signed: rows that come and go, files with a look at them before they are sent, and
// sending without leaving the page, so that a refusal leaves everything as it was typed and chosen.

const form = document.getElementById("lease-form");

/** A list of rows with numbers from 0 up to `data-max`, made from the template in its section. */
class Rows {
    constructor(section) {
        this.section = section;
        this.list = section.querySelector("[data-list]");
        this.template = section.querySelector("template");
        this.max = Number(section.dataset.max);
        section.addEventListener("click", (event) => {
            const remove = event.target.closest("[data-remove]");
            if (remove) this.remove(remove.closest("[data-row]"));
        });
        for (const row of this.rows) this.arm(row);
    }

    get rows() {
        return [...this.list.querySelectorAll("[data-row]")];
    }

    get isFull() {
        return this.rows.length >= this.max;
    }

    add() {
        const taken = new Set(this.rows.map((row) => row.querySelector("[name]").name.match(/-(\d+)-/)[1]));
        const number = [...Array(this.max).keys()].find((each) => !taken.has(String(each)));
        const holder = document.createElement("template");
        holder.innerHTML = this.template.innerHTML.replaceAll("__prefix__", number);
        this.list.append(holder.content);
        const row = this.rows.at(-1);
        this.arm(row);
        return row;
    }

    arm(row) {
        row.querySelector("[data-remove]").hidden = false;
    }

    remove(row) {
        const next = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        (next?.querySelector("[data-remove]") ?? this.section.querySelector("[data-add], [data-choose]")).focus();
    }
}

class Operators extends Rows {
    constructor(section) {
        super(section);
        this.button = section.querySelector("[data-add]");
        this.button.hidden = false;
        this.button.addEventListener("click", () => this.add().querySelector("input[type=text]").focus());
        if (!this.rows.length) this.add();
    }

    add() {
        const hasPrimary = this.rows.some((row) => row.querySelector("select").value === "PRIMARY");
        const row = super.add();
        if (hasPrimary) row.querySelector("select").value = "SECONDARY";
        this.button.hidden = this.isFull;
        return row;
    }

    remove(row) {
        this.button.hidden = false;
        super.remove(row);
    }
}

const STARTS = { PDF: [0x25, 0x50, 0x44, 0x46], JPG: [0xff, 0xd8, 0xff], PNG: [0x89, 0x50, 0x4e, 0x47] };

async function kindOf(file) {
    const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
    return Object.keys(STARTS).find((kind) => STARTS[kind].every((byte, index) => head[index] === byte));
}

function sizeOf(bytes) {
    return bytes < 1024 * 1024
        ? `${Math.max(1, Math.round(bytes / 1024))} KB`
        : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

class Files extends Rows {
    constructor(section) {
        super(section);
        this.errors = section.querySelector("#errors-files");
        const drop = section.querySelector("[data-drop]");
        const chooser = Object.assign(document.createElement("input"), {
            type: "file",
            multiple: true,
            accept: ".pdf,.jpg,.jpeg,.png",
        });
        drop.hidden = false;
        drop.querySelector("[data-choose]").addEventListener("click", () => chooser.click());
        chooser.addEventListener("change", async () => {
            await this.take([...chooser.files]);
            chooser.value = "";
        });
        for (const name of ["dragenter", "dragover"]) {
            drop.addEventListener(name, (event) => {
                event.preventDefault();
                drop.dataset.over = "";
            });
        }
        drop.addEventListener("dragleave", () => delete drop.dataset.over);
        drop.addEventListener("drop", (event) => {
            event.preventDefault();
            delete drop.dataset.over;
            this.take([...event.dataTransfer.files]);
        });
    }

    async take(files) {
        const refused = [];
        for (const file of files) {
            const why = await this.refusalOf(file);
            if (why) refused.push(`${file.name}: ${why}`);
            else this.put(file, await kindOf(file));
        }
        this.errors.replaceChildren();
        if (refused.length) {
            const list = Object.assign(document.createElement("ul"), { className: "errorlist" });
            list.append(...refused.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
            this.errors.append(list);
        }
    }

    async refusalOf(file) {
        const { maxBytes, tooLarge, tooMany, wrong, empty } = this.section.dataset;
        if (this.isFull) return tooMany;
        if (file.size > Number(maxBytes)) return tooLarge;
        if (!file.size) return empty;
        return (await kindOf(file)) ? "" : wrong;
    }

    put(file, kind) {
        const row = this.add();
        const moved = new DataTransfer();
        moved.items.add(file);
        row.querySelector("input[type=file]").files = moved.files;
        row.dataset.filled = "";
        const size = Object.assign(document.createElement("span"), {
            className: "size",
            textContent: ` ${sizeOf(file.size)}`,
        });
        row.querySelector("[data-name]").append(file.name, size);
        row.querySelector("[data-preview]").append(this.lookAt(file, kind));
    }

    lookAt(file, kind) {
        if (kind === "PDF")
            return Object.assign(document.createElement("span"), { className: "sheet", textContent: "PDF" });
        return Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
    }

    remove(row) {
        const picture = row.querySelector("img");
        if (picture) URL.revokeObjectURL(picture.src);
        this.errors.replaceChildren();
        super.remove(row);
    }
}

/** Puts what the server's page says is wrong into this page, which keeps what was typed. */
function point(page) {
    for (const place of document.querySelectorAll("[data-refusals]")) {
        place.replaceChildren(...(page.getElementById(place.id)?.childNodes ?? []));
    }
}

function say(text) {
    const note = Object.assign(document.createElement("p"), { className: "errornote", textContent: text });
    document.getElementById("refusal").replaceChildren(note);
}

async function send() {
    const response = await fetch(location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json, text/html" },
    });
    if (response.redirected)
        return say("You have been logged out. Log in in another tab of the browser, then press again.");
    if (!response.ok) return say(`Not saved: the server answered ${response.status}. What you typed is still here.`);
    if (response.headers.get("Content-Type").includes("json")) return (await response.json()).page;
    point(new DOMParser().parseFromString(await response.text(), "text/html"));
}

form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.disabled) return;
    const label = button.textContent;
    Object.assign(button, { disabled: true, textContent: button.dataset.busy });
    let page;
    try {
        page = await send();
    } catch {
        say("No connection. Nothing is lost: press again when it is back.");
    }
    if (page) return location.assign(page);
    Object.assign(button, { disabled: false, textContent: label });
    const refusal = document.getElementById("refusal");
    refusal.focus({ preventScroll: true });
    refusal.scrollIntoView({ block: "center" });
});

if (form) {
    new Operators(form.querySelector("[data-rows=operators]"));
    new Files(form.querySelector("[data-rows=files]"));
}
