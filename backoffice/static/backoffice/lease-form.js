/*
 * The form that creates a lease: adds and removes rows, previews files, and submits without leaving the page, so that
 * an error leaves everything as it was entered.
 */

const form = document.getElementById("lease-form");

/** Manage a list of at most `data-max` rows, created from the template in its section and numbered from 0. */
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
        for (const row of this.rows) showRemoveButton(row);
    }

    get rows() {
        return [...this.list.querySelectorAll("[data-row]")];
    }

    get isFull() {
        return this.rows.length >= this.max;
    }

    add() {
        const usedNumbers = new Set(this.rows.map((row) => row.querySelector("[name]").name.match(/-(\d+)-/)[1]));
        const number = [...Array(this.max).keys()].find((each) => !usedNumbers.has(String(each)));
        const holder = document.createElement("template");
        holder.innerHTML = this.template.innerHTML.replaceAll("__prefix__", number);
        this.list.append(holder.content);
        const row = this.rows.at(-1);
        showRemoveButton(row);
        return row;
    }

    remove(row) {
        const next = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        (next?.querySelector("[data-remove]") ?? this.section.querySelector("[data-add], [data-choose]")).focus();
    }
}

function showRemoveButton(row) {
    row.querySelector("[data-remove]").hidden = false;
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

const SIGNATURES = { PDF: [0x25, 0x50, 0x44, 0x46], JPG: [0xff, 0xd8, 0xff], PNG: [0x89, 0x50, 0x4e, 0x47] };

/** Return the type of a file by its first bytes, or undefined if it is none of ours. */
async function detectType(file) {
    const head = new Uint8Array(await file.slice(0, 8).arrayBuffer());
    return Object.keys(SIGNATURES).find((type) => SIGNATURES[type].every((byte, index) => head[index] === byte));
}

function formatSize(bytes) {
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
            await this.addFiles([...chooser.files]);
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
            this.addFiles([...event.dataTransfer.files]);
        });
    }

    async addFiles(files) {
        const errors = [];
        for (const file of files) {
            const error = await this.validate(file);
            if (error) errors.push(`${file.name}: ${error}`);
            else this.addFile(file, await detectType(file));
        }
        this.errors.replaceChildren();
        if (errors.length) {
            const list = Object.assign(document.createElement("ul"), { className: "errorlist" });
            list.append(...errors.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
            this.errors.append(list);
        }
    }

    /** Return the reason why the server would refuse the file, or an empty string. */
    async validate(file) {
        const { maxBytes, tooLarge, tooMany, wrong, empty } = this.section.dataset;
        if (this.isFull) return tooMany;
        if (file.size > Number(maxBytes)) return tooLarge;
        if (!file.size) return empty;
        return (await detectType(file)) ? "" : wrong;
    }

    addFile(file, type) {
        const row = this.add();
        const transfer = new DataTransfer();
        transfer.items.add(file);
        row.querySelector("input[type=file]").files = transfer.files;
        row.dataset.filled = "";
        const size = Object.assign(document.createElement("span"), {
            className: "size",
            textContent: ` ${formatSize(file.size)}`,
        });
        row.querySelector("[data-name]").append(file.name, size);
        row.querySelector("[data-preview]").append(createPreview(file, type));
    }

    remove(row) {
        const image = row.querySelector("img");
        if (image) URL.revokeObjectURL(image.src);
        this.errors.replaceChildren();
        super.remove(row);
    }
}

function createPreview(file, type) {
    if (type === "PDF") {
        return Object.assign(document.createElement("span"), { className: "sheet", textContent: "PDF" });
    }
    return Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" });
}

/** Copy the errors of the page that the server has sent into this page, which keeps what was entered. */
function showFieldErrors(page) {
    for (const element of document.querySelectorAll("[data-refusals]")) {
        element.replaceChildren(...(page.getElementById(element.id)?.childNodes ?? []));
    }
}

function showError(text) {
    const note = Object.assign(document.createElement("p"), { className: "errornote", textContent: text });
    document.getElementById("refusal").replaceChildren(note);
}

/** Submit the form. Return the address of the new lease, or undefined after showing the errors. */
async function submit() {
    const response = await fetch(location.href, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json, text/html" },
    });
    if (response.redirected)
        return showError("You have been logged out. Log in in another tab of the browser, then press again.");
    if (!response.ok)
        return showError(`Not saved: the server answered ${response.status}. What you typed is still here.`);
    if (response.headers.get("Content-Type").includes("json")) return (await response.json()).page;
    showFieldErrors(new DOMParser().parseFromString(await response.text(), "text/html"));
}

form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    if (button.disabled) return;
    const label = button.textContent;
    Object.assign(button, { disabled: true, textContent: button.dataset.busy });
    let page;
    try {
        page = await submit();
    } catch {
        showError("No connection. Nothing is lost: press again when it is back.");
    }
    if (page) return location.assign(page);
    Object.assign(button, { disabled: false, textContent: label });
    const errors = document.getElementById("refusal");
    errors.focus({ preventScroll: true });
    errors.scrollIntoView({ block: "center" });
});

if (form) {
    new Operators(form.querySelector("[data-rows=operators]"));
    new Files(form.querySelector("[data-rows=files]"));
}
