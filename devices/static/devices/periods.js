// Tells, while the days of a price are typed, which rules hold on some of them already.

for (const holder of document.querySelectorAll("[data-period], [data-period-beside]")) watch(holder);

function watch(holder) {
    const form = holder.closest("form");
    const list = holder.querySelector("[data-overlap-list]");
    const field = (name) => form.querySelector(`[name$="${name}"]`);
    const [first, last] = [field("effective_from"), field("effective_to")];
    let asked = 0;

    async function ask() {
        const mine = ++asked;
        const query = new URLSearchParams({
            type: holder.dataset.type || field("device_type").value,
            pincode: holder.dataset.pincode || field("pincode").value.trim(),
            first: first.value,
            last: last.value,
            exclude: holder.dataset.exclude || "",
        });
        const complete = [...query].every(([name, value]) => value || name === "exclude");
        const overlaps = complete ? await found(`${holder.dataset.overlaps}?${query}`) : [];
        if (mine === asked) list.replaceChildren(...overlaps.map(warning));
    }

    form.addEventListener("change", ask);
    for (const day of [first, last]) day.addEventListener("input", ask);
}

async function found(url) {
    try {
        const answer = await fetch(url, { headers: { Accept: "application/json" } });
        return answer.ok ? (await answer.json()).overlaps : [];
    } catch {
        return []; // saving asks again
    }
}

function warning({ text, url }) {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.href = url;
    link.textContent = text;
    item.append("Overlaps with the rule of ", link);
    return item;
}
