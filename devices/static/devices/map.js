// A map without any other server: outlines of the states, towns, and a pin that stays in step with two inputs.

const L = window.L;
const INDIA = [
    [6.7, 68.1],
    [37.1, 97.4],
];
const [NEARBY, SMALL_TOWNS] = [9, 7]; // zooms
const [STEP, LEAP] = [4, 40]; // pixels that an arrow key moves the pin by, without and with Shift
const SLACK = 0.06; // degrees: the outline is a drawing, and coasts are ragged
const PAUSE = 250; // milliseconds after the last change before the server is asked
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const answers = new Map();

for (const holder of document.querySelectorAll("[data-map]"))
    (holder.hasAttribute("data-readonly") ? show : pick)(holder);

function show(holder) {
    const at = [Number(holder.dataset.latitude), Number(holder.dataset.longitude)];
    const map = drawn(holder, { keyboard: false, scrollWheelZoom: false });
    map.setView(at, SMALL_TOWNS);
    L.marker(at, { icon: pinIcon(), keyboard: false, interactive: false }).addTo(map);
}

function pick(holder) {
    const form = holder.closest("form");
    const [latitude, longitude, pincode] = ["latitude", "longitude", "pincode"].map((name) => form.elements[name]);
    const map = drawn(holder, { keyboard: false, scrollWheelZoom: false });
    const canvas = map.getContainer();
    const pin = L.marker(map.getCenter(), { icon: pinIcon(), draggable: true, autoPan: true, keyboard: false });
    const dots = L.layerGroup().addTo(map);
    let [timer, asked] = [0, 0];

    form.querySelector("#map-help").hidden = false;
    Object.assign(canvas, { tabIndex: 0, role: "application", ariaLabel: "Map with the pin of the device" });
    canvas.setAttribute("aria-describedby", "map-help");
    canvas.addEventListener("focusin", () => map.scrollWheelZoom.enable());
    canvas.addEventListener("focusout", () => map.scrollWheelZoom.disable());

    const typed = () => {
        const [north, east] = [latitude, longitude].map((input) =>
            input.value.trim() === "" ? NaN : Number(input.value),
        );
        return Math.abs(north) <= 90 && Math.abs(east) <= 180 ? L.latLng(north, east) : null;
    };

    function put(place, { zoom = map.getZoom(), follow = false } = {}) {
        const there = place.wrap();
        latitude.value = there.lat.toFixed(6);
        longitude.value = there.lng.toFixed(6);
        pin.setLatLng(there).addTo(map);
        if (follow || !map.getBounds().contains(there)) map.setView(there, zoom);
        ask();
    }

    function follow() {
        const place = typed();
        if (place) {
            pin.setLatLng(place).addTo(map);
            map.setView(place, Math.max(map.getZoom(), NEARBY));
        } else pin.remove();
        ask();
    }

    function ask() {
        clearTimeout(timer);
        timer = setTimeout(askNow, PAUSE);
    }

    async function askNow() {
        const [mine, place] = [++asked, typed()];
        const query = new URLSearchParams({ pincode: pincode.value.trim(), exclude: holder.dataset.exclude });
        if (place) {
            query.set("latitude", place.lat);
            query.set("longitude", place.lng);
        }
        const around = await json(`${holder.dataset.around}?${query}`);
        const outline = await json(holder.dataset.outline);
        if (around && mine === asked) tell(around, place, outline);
    }

    function tell(around, place, outline) {
        const warnings = [...around.warnings];
        const isOutside = place && outline && !liesIn(outline, place);
        if (isOutside && !warnings.some((text) => text.includes("outside India")))
            warnings.push("This location lies outside India.");
        holder.querySelector("[data-warnings]").replaceChildren(...warnings.map(warning));
        holder.querySelector("[data-territory]").textContent = territoryText(pincode.value.trim(), around.territory);
        dots.clearLayers();
        for (const each of around.near) dots.addLayer(dot(each));
        if (!place && around.centre) map.setView(around.centre, NEARBY);
    }

    map.on("click", (event) => put(event.latlng));
    pin.on("dragend", () => put(pin.getLatLng()));
    canvas.addEventListener("keydown", (event) => {
        if (event.target !== canvas) return;
        const arrow = ARROWS[event.key];
        if (arrow) {
            const from = map.latLngToContainerPoint(typed() || map.getCenter());
            const by = event.shiftKey ? LEAP : STEP;
            put(map.containerPointToLatLng(from.add([arrow[0] * by, arrow[1] * by])));
        } else if (event.key === "+" || event.key === "=") map.zoomIn();
        else if (event.key === "-") map.zoomOut();
        else return;
        event.preventDefault();
    });
    for (const input of [latitude, longitude]) input.addEventListener("change", follow);
    pincode.addEventListener("input", ask);
    offerOwnPosition(holder, (place) => put(place, { zoom: 14, follow: true }));
    follow();
}

function drawn(holder, options) {
    const canvas = holder.querySelector("[data-canvas]");
    canvas.hidden = false;
    const map = L.map(canvas, { minZoom: 3, maxZoom: 18, attributionControl: false, ...options }).fitBounds(INDIA);
    L.control.attribution({ prefix: "Leaflet" }).addAttribution("Outlines: MapSVG, CC BY 4.0").addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const zoomed = () => canvas.toggleAttribute("data-close", map.getZoom() >= SMALL_TOWNS);
    map.on("zoomend", zoomed);
    zoomed();
    json(holder.dataset.outline).then((states) => states && outlined(states).addTo(map).bringToBack());
    json(holder.dataset.towns).then((towns) => {
        for (const town of towns ?? []) townMarker(town).addTo(map);
    });
    return map;
}

function outlined(states) {
    return L.geoJSON(states, { interactive: false, style: { className: "map-state", weight: 1 } });
}

function townMarker({ name, at, big }) {
    const icon = L.divIcon({
        className: big ? "map-town" : "map-town small",
        html: text("span", name),
        iconSize: [6, 6],
    });
    return L.marker(at, { icon, interactive: false, keyboard: false });
}

function pinIcon() {
    return L.divIcon({ className: "map-pin", iconSize: [26, 26], iconAnchor: [13, 30] });
}

function dot({ name, at, km, pincode }) {
    const label = text("span", `${name}, ${pincode}, ${km} km away`);
    return L.circleMarker(at, { className: "map-neighbour", radius: 5, weight: 1.5 }).bindTooltip(label);
}

function offerOwnPosition(holder, put) {
    const button = holder.querySelector("[data-here]");
    button.hidden = !navigator.geolocation;
    button.addEventListener("click", () => {
        button.disabled = true;
        const found = ({ coords }) => {
            button.disabled = false;
            put(L.latLng(coords.latitude, coords.longitude));
        };
        const lost = () => {
            button.disabled = false;
            holder.querySelector("[data-territory]").textContent =
                "The browser does not say where you are. Use the map.";
        };
        navigator.geolocation.getCurrentPosition(found, lost, { enableHighAccuracy: true, timeout: 15000 });
    });
}

function territoryText(pincode, territory) {
    if (!/^[1-9][0-9]{5}$/.test(pincode)) return "";
    return territory
        ? `PIN code ${pincode} lies in the territory ${territory}.`
        : `PIN code ${pincode} lies in no territory yet.`;
}

function liesIn(states, { lat, lng }) {
    const around = [
        [0, 0],
        [SLACK, 0],
        [-SLACK, 0],
        [0, SLACK],
        [0, -SLACK],
    ];
    const rings = states.features.flatMap((state) => state.geometry.coordinates.map(([ring]) => ring));
    return around.some(([north, east]) => rings.some((ring) => holds(ring, lng + east, lat + north)));
}

function holds(ring, x, y) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [[x1, y1], [x2, y2]] = [ring[i], ring[j]];
        if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
}

async function json(url) {
    if (!url) return null;
    if (!answers.has(url)) {
        const answer = fetch(url, { headers: { Accept: "application/json" } }).then((reply) =>
            reply.ok ? reply.json() : null,
        );
        answers.set(
            url,
            answer.catch(() => null),
        );
    }
    return answers.get(url);
}

function warning(words) {
    return text("li", words);
}

function text(name, words) {
    const element = document.createElement(name);
    element.textContent = words;
    return element;
}
