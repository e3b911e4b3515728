/* Maps without any external server: outlines of the states, towns, and a pin that two inputs of a form control. */

const L = window.L;
const INDIA = [
    [6.7, 68.1],
    [37.1, 97.4],
];
const ZOOM = { smallTowns: 7, nearby: 9, ownPosition: 14 };
const [STEP, LARGE_STEP] = [4, 40]; // pixels that an arrow key moves the pin by, without and with Shift
const TOLERANCE = 0.06; // degrees: the outlines are simplified
const REQUEST_DELAY = 250; // milliseconds after the last change
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const responses = new Map();

/** Show a pin that cannot be moved. */
class LocationMap {
    constructor(holder) {
        const { latitude, longitude } = holder.dataset;
        const location = [Number(latitude), Number(longitude)];
        const map = createMap(holder);
        map.setView(location, ZOOM.smallTowns);
        L.marker(location, { icon: pinIcon(), keyboard: false, interactive: false }).addTo(map);
    }
}

/** Keep a movable pin and the inputs of a form in step, and show what the server knows about the location. */
class LocationPicker {
    constructor(holder) {
        const { latitude, longitude, pincode } = holder.closest("form").elements;
        Object.assign(this, { holder, latitude, longitude, pincode });
        this.map = createMap(holder);
        this.canvas = this.map.getContainer();
        const options = { icon: pinIcon(), draggable: true, autoPan: true, keyboard: false };
        this.pin = L.marker(this.map.getCenter(), options);
        this.neighbours = L.layerGroup().addTo(this.map);
        this.requests = 0;
        this.prepareCanvas();
        this.listen();
        this.handleInput();
    }

    prepareCanvas() {
        document.getElementById("map-help").hidden = false;
        Object.assign(this.canvas, { tabIndex: 0, role: "application", ariaLabel: "Map with the pin of the device" });
        this.canvas.setAttribute("aria-describedby", "map-help");
        this.canvas.addEventListener("focusin", () => this.map.scrollWheelZoom.enable());
        this.canvas.addEventListener("focusout", () => this.map.scrollWheelZoom.disable());
        this.canvas.addEventListener("keydown", (event) => this.handleKey(event));
    }

    listen() {
        this.map.on("click", (event) => this.setLocation(event.latlng));
        this.pin.on("dragend", () => this.setLocation(this.pin.getLatLng()));
        for (const input of [this.latitude, this.longitude]) {
            input.addEventListener("change", () => this.handleInput());
        }
        this.pincode.addEventListener("input", () => this.requestSurroundings());
        offerOwnPosition(this.holder, (location) => {
            this.setLocation(location);
            this.map.setView(location, ZOOM.ownPosition);
        });
    }

    /** Return the location in the inputs, or null if they contain none. */
    get location() {
        const [latitude, longitude] = [this.latitude, this.longitude].map(numberIn);
        return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? L.latLng(latitude, longitude) : null;
    }

    setLocation(location) {
        const wrapped = location.wrap();
        this.latitude.value = wrapped.lat.toFixed(6);
        this.longitude.value = wrapped.lng.toFixed(6);
        this.pin.setLatLng(wrapped).addTo(this.map);
        if (!this.map.getBounds().contains(wrapped)) this.map.setView(wrapped, this.map.getZoom());
        this.requestSurroundings();
    }

    handleInput() {
        const { location } = this;
        if (location) {
            this.pin.setLatLng(location).addTo(this.map);
            this.map.setView(location, Math.max(this.map.getZoom(), ZOOM.nearby));
        } else this.pin.remove();
        this.requestSurroundings();
    }

    handleKey(event) {
        if (event.target !== this.canvas) return;
        if (ARROWS[event.key]) this.movePin(ARROWS[event.key], event.shiftKey ? LARGE_STEP : STEP);
        else if (event.key === "+" || event.key === "=") this.map.zoomIn();
        else if (event.key === "-") this.map.zoomOut();
        else return;
        event.preventDefault();
    }

    movePin([right, down], pixels) {
        const from = this.map.latLngToContainerPoint(this.location || this.map.getCenter());
        this.setLocation(this.map.containerPointToLatLng(from.add([right * pixels, down * pixels])));
    }

    requestSurroundings() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.fetchSurroundings(), REQUEST_DELAY);
    }

    async fetchSurroundings() {
        this.requests += 1;
        const [request, { location }] = [this.requests, this];
        const { exclude, around, outline } = this.holder.dataset;
        const query = new URLSearchParams({ pincode: this.pincode.value.trim(), exclude });
        if (location) {
            query.set("latitude", location.lat);
            query.set("longitude", location.lng);
        }
        const surroundings = await fetchJson(`${around}?${query}`);
        const states = await fetchJson(outline);
        if (surroundings && request === this.requests) this.showSurroundings(surroundings, location, states);
    }

    showSurroundings({ warnings, pincode, territory, near, centre }, location, states) {
        const isOutside = location && states && !contains(states, location);
        if (isOutside && !warnings.some((text) => text.includes("outside India"))) {
            warnings = [...warnings, "This location lies outside India."];
        }
        const items = warnings.map((text) => createText("li", text));
        this.holder.querySelector("[data-warnings]").replaceChildren(...items);
        const territoryLine = this.holder.querySelector("[data-territory]");
        territoryLine.textContent = describeTerritory(pincode, territory);
        this.neighbours.clearLayers();
        for (const device of near) this.neighbours.addLayer(createNeighbour(device));
        if (!location && centre) this.map.setView(centre, ZOOM.nearby);
    }
}

function numberIn(input) {
    return input.value.trim() === "" ? NaN : Number(input.value);
}

function createMap(holder) {
    const canvas = holder.querySelector("[data-canvas]");
    canvas.hidden = false;
    const interaction = { attributionControl: false, keyboard: false, scrollWheelZoom: false };
    const map = L.map(canvas, { minZoom: 3, maxZoom: 18, ...interaction }).fitBounds(INDIA);
    L.control.attribution({ prefix: "Leaflet" }).addAttribution("Outlines: MapSVG, CC BY 4.0").addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    const toggleTowns = () => canvas.toggleAttribute("data-close", map.getZoom() >= ZOOM.smallTowns);
    map.on("zoomend", toggleTowns);
    toggleTowns();
    fetchJson(holder.dataset.outline).then((states) => states && createOutlines(states).addTo(map).bringToBack());
    fetchJson(holder.dataset.towns).then((towns) => {
        for (const town of towns ?? []) createTown(town).addTo(map);
    });
    return map;
}

function createOutlines(states) {
    return L.geoJSON(states, { interactive: false, style: { className: "map-state", weight: 1 } });
}

function createTown({ name, at, big }) {
    const icon = L.divIcon({
        className: big ? "map-town" : "map-town small",
        html: createText("span", name),
        iconSize: [6, 6],
    });
    return L.marker(at, { icon, interactive: false, keyboard: false });
}

function pinIcon() {
    return L.divIcon({ className: "map-pin", iconSize: [26, 26], iconAnchor: [13, 30] });
}

function createNeighbour({ name, at, km, pincode }) {
    const label = createText("span", `${name}, ${pincode}, ${km} km away`);
    return L.circleMarker(at, { className: "map-neighbour", radius: 5, weight: 1.5 }).bindTooltip(label);
}

/** Show a button that passes the position of the browser to `onPosition`. */
function offerOwnPosition(holder, onPosition) {
    const button = holder.querySelector("[data-here]");
    button.hidden = !navigator.geolocation;
    button.addEventListener("click", () => {
        button.disabled = true;
        const succeed = ({ coords }) => {
            button.disabled = false;
            onPosition(L.latLng(coords.latitude, coords.longitude));
        };
        const fail = () => {
            button.disabled = false;
            const message = "The browser does not say where you are. Use the map.";
            holder.querySelector("[data-territory]").textContent = message;
        };
        navigator.geolocation.getCurrentPosition(succeed, fail, { enableHighAccuracy: true, timeout: 15_000 });
    });
}

function describeTerritory(pincode, territory) {
    if (!pincode) return "";
    return territory
        ? `PIN code ${pincode} lies in the territory ${territory}.`
        : `PIN code ${pincode} lies in no territory yet.`;
}

/** Return whether the states contain the location, or almost do. */
function contains(states, { lat, lng }) {
    const offsets = [
        [0, 0],
        [TOLERANCE, 0],
        [-TOLERANCE, 0],
        [0, TOLERANCE],
        [0, -TOLERANCE],
    ];
    const rings = states.features.flatMap((state) => state.geometry.coordinates.map(([ring]) => ring));
    return offsets.some(([north, east]) => rings.some((ring) => ringContains(ring, lng + east, lat + north)));
}

function ringContains(ring, x, y) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [[x1, y1], [x2, y2]] = [ring[i], ring[j]];
        if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
}

/** Return the JSON at an address, requested only once, or null after a failure. */
async function fetchJson(url) {
    if (!url) return null;
    if (!responses.has(url)) {
        const response = fetch(url, { headers: { Accept: "application/json" } });
        const json = response.then((answer) => (answer.ok ? answer.json() : null));
        responses.set(
            url,
            json.catch(() => null),
        );
    }
    return responses.get(url);
}

function createText(name, text) {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
}

for (const holder of document.querySelectorAll("[data-map]")) {
    if (holder.hasAttribute("data-readonly")) new LocationMap(holder);
    else new LocationPicker(holder);
}
