/* Enhance the pages of service orders, whose forms and links work without it. */

const MAX_ROWS = 10;

/** Press the button whose `aria-keyshortcuts` is Alt and this key. */
function listenForShortcuts() {
    document.documentElement.classList.add("has-keys");
    document.addEventListener("keydown", (event) => {
        if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
        // `code`, not `key`: some keyboards produce other letters together with Alt.
        const button = document.querySelector(`[aria-keyshortcuts="Alt+${event.code.replace("Key", "")}"]`);
        if (!button?.checkVisibility()) return;
        event.preventDefault();
        button.click();
    });
}

/** Load the insurance data without leaving the page, so that nothing entered beside it is lost. */
function enhanceInsurance(form) {
    const output = document.querySelector(".shown-insurance");
    const hideButton = document.querySelector(".hide-insurance");
    const toggle = (isShown) => {
        form.hidden = isShown;
        hideButton.hidden = !isShown;
    };
    form.addEventListener("submit", async (event) => {
        event.preventDefault();
        const html = await fetchInsurance(form);
        if (html === null) {
            form.submit();
            return;
        }
        output.innerHTML = html;
        toggle(true);
        hideButton.focus();
    });
    hideButton.addEventListener("click", () => {
        output.replaceChildren();
        toggle(false);
        form.querySelector("button").focus();
    });
    // A page restored by the Back button must not show the data again.
    window.addEventListener("pagehide", () => output.replaceChildren());
    window.addEventListener("pageshow", () => toggle(false));
}

/** Return the HTML of the insurance data, or null after a failure. */
async function fetchInsurance(form) {
    const options = { method: "POST", body: new FormData(form), headers: { "X-Part": "insurance" }, cache: "no-store" };
    const response = await fetch(form.action, options).catch(() => null);
    return response?.ok && !response.redirected ? response.text() : null;
}

/** Let a button add empty rows, up to MAX_ROWS. */
function enhanceRows(addButton) {
    const rows = () => addButton.parentElement.querySelectorAll(".pair");
    addButton.hidden = rows().length >= MAX_ROWS;
    addButton.addEventListener("click", () => {
        const row = rows()[0].cloneNode(true);
        for (const input of row.querySelectorAll("input")) {
            input.value = "";
            input.ariaLabel = input.ariaLabel.replace(/\d+/, String(rows().length + 1));
        }
        addButton.before(row);
        addButton.hidden = rows().length >= MAX_ROWS;
        row.querySelector("input").focus();
    });
}

/** Reload the queue every `data-again-after` seconds, unless a row of it has the focus. */
function refreshQueue(queue) {
    const isBusy = () => document.hidden || queue.querySelector("tbody")?.contains(document.activeElement);
    setInterval(async () => {
        if (isBusy()) return;
        const response = await fetch(location.href, { cache: "no-store" }).catch(() => null);
        if (!response?.ok || response.redirected) return;
        const page = new DOMParser().parseFromString(await response.text(), "text/html");
        const newQueue = page.querySelector("#waiting");
        if (!newQueue || isBusy() || newQueue.innerHTML === queue.innerHTML) return;
        const hadFocus = queue.contains(document.activeElement);
        queue.replaceChildren(...newQueue.childNodes);
        if (hadFocus) queue.querySelector("[autofocus]")?.focus();
    }, Number(queue.dataset.againAfter) * 1000);
}

const insuranceForm = document.querySelector(".show-insurance");
const addRowButton = document.querySelector(".add-row");
const queue = document.querySelector("#waiting");

listenForShortcuts();
if (insuranceForm) enhanceInsurance(insuranceForm);
if (addRowButton) enhanceRows(addRowButton);
if (queue) refreshQueue(queue);
document.querySelector(".decision .wrong")?.parentElement.querySelector("input, textarea")?.focus();
