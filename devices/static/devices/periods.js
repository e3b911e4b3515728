/* Warn, while the dates of a pricing rule are entered, of rules that overlap with them. */

for (const holder of document.querySelectorAll("[data-period], [data-period-beside]")) warnOfOverlaps(holder);

function warnOfOverlaps(holder) {
    const form = holder.closest("form");
    const list = holder.querySelector("[data-overlap-list]");
    const field = (name) => form.querySelector(`[name$="${name}"]`);
    const [first, last] = [field("effective_from"), field("effective_to")];
    let requests = 0;

    async function update() {
        requests += 1;
        const request = requests;
        const query = new URLSearchParams({
            type: holder.dataset.type || field("device_type").value,
            pincode: holder.dataset.pincode || field("pincode").value.trim(),
            first: first.value,
            last: last.value,
            exclude: holder.dataset.exclude || "",
        });
        const complete = [...query].every(([name, value]) => value || name === "exclude");
        const overlaps = complete ? await fetchOverlaps(`${holder.dataset.overlaps}?${query}`) : [];
        if (request === requests) list.replaceChildren(...overlaps.map(createWarning));
    }

    form.addEventListener("change", update);
    for (const day of [first, last]) day.addEventListener("input", update);
}

async function fetchOverlaps(url) {
    try {
        const response = await fetch(url, { headers: { Accept: "application/json" } });
        return response.ok ? (await response.json()).overlaps : [];
    } catch {
        return []; // saving checks again
    }
}

function createWarning({ text, url }) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = url;
    link.textContent = text;
    item.append("Overlaps with the rule of ", link);
    return item;
}
