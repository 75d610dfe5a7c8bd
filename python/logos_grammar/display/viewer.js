// A view of a scene in WebGL 2: ribbons, sticks and spheres. The page defines SCENE; view.py makes it.
// Nothing is loaded: the script and the scene are in the page.
"use strict";
const canvas = document.getElementById("view"), label = document.getElementById("label");
const gl = canvas.getContext("webgl2", { antialias: true, preserveDrawingBuffer: true });
if (!gl) label.textContent = "this browser has no WebGL 2";

const bytes = text => Uint8Array.from(atob(text), c => c.charCodeAt(0));
const floats = text => new Float32Array(bytes(text).buffer);
const indices = text => new Uint32Array(bytes(text).buffer);
const atoms = floats(SCENE.atoms), bonds = indices(SCENE.bonds), roles = bytes(SCENE.roles);
const count = SCENE.count, frames = SCENE.frames;
const tables = Object.fromEntries(Object.entries(SCENE.colours).map(([k, v]) => [k, bytes(v)]));
const RIBBON = 0, LIGAND = 1, WATER = 2, ION = 3;
const choices = { colour: Object.keys(tables)[0], sticks: SCENE.sticks, waters: false, frame: 0 };

// Linear algebra on columns of numbers.
const add = (a, b, s = 1) => [a[0] + s * b[0], a[1] + s * b[1], a[2] + s * b[2]];
const sub = (a, b) => add(a, b, -1);
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const scaled = (a, s) => [a[0] * s, a[1] * s, a[2] * s];
const unit = a => scaled(a, 1 / (Math.hypot(...a) || 1));
const point = at => Array.from(atoms.subarray(3 * (at + choices.frame * count), 3 * (at + choices.frame * count) + 3));

const SHARED = `#version 300 es
precision highp float;
uniform mat4 camera; uniform mat3 turn; uniform vec3 shift; uniform float depth;`;
const LIGHT = `
uniform vec3 paper; uniform vec2 fog;
vec3 lit(vec3 colour, vec3 normal, float far) {
  float key = max(dot(normal, normalize(vec3(-.35, .55, .8))), 0.);
  float fill = max(dot(normal, normalize(vec3(.7, -.2, .5))), 0.);
  float shine = pow(max(dot(normal, normalize(vec3(-.18, .3, .95))), 0.), 40.);
  float rim = smoothstep(.0, .45, normal.z);
  vec3 shaded = colour * (.34 + .62 * key + .14 * fill) * mix(.55, 1., rim) + .16 * shine;
  return mix(shaded, paper, clamp((far - fog.x) / (fog.y - fog.x), 0., 1.) * .72);
}`;

function program(vertex, fragment) {
  const made = gl.createProgram();
  for (const [type, text] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, text);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw gl.getShaderInfoLog(shader);
    gl.attachShader(made, shader);
  }
  gl.linkProgram(made);
  return made;
}

const meshes = program(`${SHARED}
in vec3 place; in vec3 normal; in vec3 colour; out vec3 n; out vec3 c; out float far;
void main() {
  vec3 at = turn * place + shift; n = turn * normal; c = colour; far = -at.z;
  gl_Position = camera * vec4(at, 1.);
}`, `#version 300 es
precision highp float; in vec3 n; in vec3 c; in float far; out vec4 ink; ${LIGHT}
void main() { vec3 m = normalize(n); if (m.z < 0.) m = -m; ink = vec4(lit(c, m, far), 1.); }`);

// A sphere is a square that faces the eye, of which each pixel finds its point of the sphere.
const spheres = program(`${SHARED}
in vec2 corner; in vec3 place; in float radius; in vec3 colour;
out vec2 uv; out vec3 c; out vec3 at; out float r;
void main() {
  at = turn * place + shift; uv = corner * 1.15; c = colour; r = radius;
  gl_Position = camera * vec4(at + vec3(uv * r, 0.), 1.);
}`, `#version 300 es
precision highp float; in vec2 uv; in vec3 c; in vec3 at; in float r; out vec4 ink;
uniform mat4 camera; ${LIGHT}
void main() {
  float square = dot(uv, uv); if (square > 1.) discard;
  vec3 n = vec3(uv, sqrt(1. - square)); vec3 p = at + n * r;
  vec4 clip = camera * vec4(p, 1.); gl_FragDepth = .5 + .5 * clip.z / clip.w;
  ink = vec4(lit(c, n, -p.z), 1.);
}`);

function buffers(of, columns, divisor, corners) {
  const array = gl.createVertexArray();
  gl.bindVertexArray(array);
  const all = corners ? { corner: [2, new Float32Array([-1, -1, 1, -1, -1, 1, 1, 1])], ...columns } : columns;
  for (const [name, [size, data]] of Object.entries(all)) {
    const at = gl.getAttribLocation(of, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    gl.enableVertexAttribArray(at);
    gl.vertexAttribPointer(at, size, gl.FLOAT, false, 0, 0);
    if (divisor && name !== "corner") gl.vertexAttribDivisor(at, divisor);
  }
  return array;
}

class Mesh {
  constructor() { this.place = []; this.normal = []; this.colour = []; this.faces = []; }
  vertex(place, normal, colour) {
    this.place.push(...place); this.normal.push(...normal); this.colour.push(...colour);
    return this.place.length / 3 - 1;
  }
  // A ring of vertices; each ring is joined to the one before it.
  tube(rings) {
    let before = null;
    for (const ring of rings) {
      const now = ring.map(v => this.vertex(...v));
      if (before) now.forEach((at, i) => {
        const j = (i + 1) % now.length;
        this.faces.push(before[i], before[j], at, at, before[j], now[j]);
      });
      before = now;
    }
  }
  cap(ring, normal) {
    const now = ring.map(([place, , colour]) => this.vertex(place, normal, colour));
    for (let i = 1; i + 1 < now.length; i++) this.faces.push(now[0], now[i], now[i + 1]);
  }
  finish() {
    const array = buffers(meshes, {
      place: [3, new Float32Array(this.place)], normal: [3, new Float32Array(this.normal)],
      colour: [3, new Float32Array(this.colour)],
    });
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, new Uint32Array(this.faces), gl.STATIC_DRAW);
    return { array, size: this.faces.length };
  }
}

const colourOf = (mode, at) => Array.from(tables[mode].subarray(3 * at, 3 * at + 3), v => v / 255);

function stick(mesh, from, to, radius, colours) {
  const axis = unit(sub(to, from)), side = unit(cross(axis, Math.abs(axis[0]) < .8 ? [1, 0, 0] : [0, 1, 0]));
  const up = cross(axis, side), middle = scaled(add(from, to), .5);
  const ring = (centre, colour) => Array.from({ length: 10 }, (_, i) => {
    const turn = 2 * Math.PI * i / 10, n = add(scaled(side, Math.cos(turn)), up, Math.sin(turn));
    return [add(centre, n, radius), n, colour];
  });
  mesh.tube([ring(from, colours[0]), ring(middle, colours[0])]);
  mesh.tube([ring(middle, colours[1]), ring(to, colours[1])]);
}

// Half the width and half the height of a ribbon: coil, helix, strand.
const SHAPES = [[.26, .26], [1.25, .2], [1.1, .2]];
const STEPS = 8, SIDES = 12;

function ribbon(mesh, trace) {
  const n = trace.atoms.length;
  let places = trace.atoms.map(point);
  let guides = trace.guides.map((at, i) => at < 0 ? null : unit(sub(point(at), places[i])));
  // The carbons of a strand zigzag about its way: each goes to the mean of its neighbours.
  const flat = places.map((p, i) => trace.shapes[i] !== 2 || !i || i === n - 1 ? p
    : scaled(add(add(places[i - 1], places[i + 1]), p, 2), .25));
  places = flat;
  for (let i = 0; i < n; i++) {
    const along = unit(sub(places[Math.min(i + 1, n - 1)], places[Math.max(i - 1, 0)]));
    let guide = guides[i] || (i ? guides[i - 1] : null) || (Math.abs(along[0]) < .8 ? [1, 0, 0] : [0, 1, 0]);
    guide = unit(sub(guide, scaled(along, dot(guide, along))));
    if (i && dot(guide, guides[i - 1]) < 0) guide = scaled(guide, -1);
    guides[i] = guide;
  }
  const at = i => places[Math.max(0, Math.min(n - 1, i))];
  const rings = [];
  for (let i = 0; i < n - 1; i++) {
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    for (let s = 0; s < STEPS + (i === n - 2); s++) {
      const t = s / STEPS;
      const place = [0, 1, 2].map(k => .5 * (2 * b[k] + (c[k] - a[k]) * t
        + (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t * t + (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t ** 3));
      const along = unit([0, 1, 2].map(k => .5 * (c[k] - a[k] + 2 * (2 * a[k] - 5 * b[k] + 4 * c[k] - d[k]) * t
        + 3 * (3 * b[k] - a[k] - 3 * c[k] + d[k]) * t * t)));
      let wide = add(scaled(guides[i], 1 - t), guides[i + 1], t);
      wide = unit(sub(wide, scaled(along, dot(wide, along))));
      const high = cross(along, wide), soft = t * t * (3 - 2 * t);
      const [one, two] = [SHAPES[trace.shapes[i]], SHAPES[trace.shapes[i + 1]]];
      let [w, h] = [0, 1].map(k => one[k] + (two[k] - one[k]) * soft);
      // A strand ends in an arrow.
      if (trace.shapes[i] === 2 && trace.shapes[i + 1] !== 2) w = 1.9 + (SHAPES[0][0] - 1.9) * t;
      const colour = colourOf(choices.colour === "element" ? "chain" : choices.colour, trace.atoms[t < .5 ? i : i + 1]);
      rings.push(Array.from({ length: SIDES }, (_, k) => {
        const turn = 2 * Math.PI * (k + .5) / SIDES, x = Math.cos(turn), y = Math.sin(turn);
        // A flat ellipse with fuller sides.
        const px = Math.sign(x) * Math.abs(x) ** .6 * w, py = Math.sign(y) * Math.abs(y) ** .6 * h;
        return [add(add(place, wide, px), high, py), unit(add(scaled(wide, x / w), high, y / h)), colour];
      }));
    }
  }
  if (!rings.length) return;
  mesh.tube(rings);
  mesh.cap(rings[0], scaled(unit(sub(at(1), at(0))), -1));
  mesh.cap(rings[rings.length - 1], unit(sub(at(n - 1), at(n - 2))));
}

let drawn = null;
function build() {
  const mesh = new Mesh(), balls = { place: [], radius: [], colour: [] };
  SCENE.traces.forEach(trace => ribbon(mesh, trace));
  const shown = at => roles[at] === LIGAND || (roles[at] === RIBBON && (choices.sticks || !SCENE.traces.length));
  const radius = at => SCENE.elements[at] === "H" && SCENE.heavy ? .13 : .2;
  const ink = at => colourOf(tables.element && choices.colour === "chain" && SCENE.elements[at] !== "C" ? "element" : choices.colour, at);
  const ball = (at, r) => { balls.place.push(...point(at)); balls.radius.push(r); balls.colour.push(...ink(at)); };
  for (let i = 0; i < bonds.length; i += 2) {
    const [a, b] = [bonds[i], bonds[i + 1]];
    if (shown(a) && shown(b)) stick(mesh, point(a), point(b), Math.min(radius(a), radius(b)), [ink(a), ink(b)]);
  }
  SCENE.rungs.forEach(([a, b]) => stick(mesh, point(a), point(b), .22, [ink(a), ink(b)].map((_, k) => colourOf(choices.colour === "element" ? "chain" : choices.colour, [a, b][k]))));
  for (let at = 0; at < count; at++) {
    if (shown(at)) ball(at, radius(at) * (SCENE.traces.length ? 1 : 1.7));
    else if (roles[at] === ION) ball(at, .9);
    else if (roles[at] === WATER && choices.waters) ball(at, .3);
  }
  drawn = {
    mesh: mesh.finish(), balls: balls.radius.length,
    array: buffers(spheres, {
      place: [3, new Float32Array(balls.place)], radius: [1, new Float32Array(balls.radius)],
      colour: [3, new Float32Array(balls.colour)],
    }, 1, true),
  };
}

// The camera: the scene is turned, then moved away from the eye.
let turn = SCENE.turn, move = [0, 0], zoom = 1;
const size = Math.max(SCENE.size, 2);
function lens() {
  const { width, height } = canvas, near = size / zoom * 2.6, narrow = Math.min(1, width / height);
  const f = 2.6 * narrow / .86, a = Math.max(near - 2 * size, .1), b = near + 2 * size;
  const camera = [f * height / width, 0, 0, 0, 0, f, 0, 0, 0, 0, (a + b) / (a - b), -1, 0, 0, 2 * a * b / (a - b), 0];
  return { camera, shift: [move[0], move[1], -near], near };
}
function draw() {
  const scale = window.devicePixelRatio || 1;
  canvas.width = canvas.clientWidth * scale; canvas.height = canvas.clientHeight * scale;
  const paper = matchMedia("(prefers-color-scheme: dark)").matches ? [.09, .095, .11] : [1, 1, 1];
  gl.viewport(0, 0, canvas.width, canvas.height);
  gl.enable(gl.DEPTH_TEST);
  gl.clearColor(...paper, 1);
  gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
  const { camera, shift, near } = lens();
  for (const [of, array, paint] of [
    [meshes, drawn.mesh.array, () => gl.drawElements(gl.TRIANGLES, drawn.mesh.size, gl.UNSIGNED_INT, 0)],
    [spheres, drawn.array, () => gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, drawn.balls)],
  ]) {
    gl.useProgram(of);
    const at = name => gl.getUniformLocation(of, name);
    gl.uniformMatrix4fv(at("camera"), false, camera);
    gl.uniformMatrix3fv(at("turn"), false, turn);
    gl.uniform3fv(at("shift"), shift);
    gl.uniform3fv(at("paper"), paper);
    gl.uniform2f(at("fog"), near - .25 * size, near + 1.15 * size);
    gl.bindVertexArray(array);
    paint();
  }
}
let asked = false;
const redraw = () => { if (!asked) { asked = true; requestAnimationFrame(() => { asked = false; draw(); }); } };

// turn is by columns, as WebGL has it.
const times = (m, p) => [0, 1, 2].map(k => m[k] * p[0] + m[3 + k] * p[1] + m[6 + k] * p[2]);
function rotate(x, y) {
  const [cx, sx, cy, sy] = [Math.cos(y), Math.sin(y), Math.cos(x), Math.sin(x)];
  const by = [cy, sx * sy, -cx * sy, 0, cx, sx, sy, -sx * cy, cx * cy];
  turn = [0, 3, 6].flatMap(k => times(by, turn.slice(k, k + 3)));
}

function nearest(event) {
  const box = canvas.getBoundingClientRect(), { camera, shift } = lens();
  let best = null, least = 14 ** 2, front = Infinity;
  for (let at = 0; at < count; at++) {
    if (roles[at] === WATER && !choices.waters) continue;
    const p = add(times(turn, point(at)), shift);
    if (p[2] > -.1) continue;
    const x = (camera[0] * p[0] / -p[2] + 1) / 2 * box.width, y = (1 - camera[5] * p[1] / -p[2]) / 2 * box.height;
    const square = (x - event.clientX + box.left) ** 2 + (y - event.clientY + box.top) ** 2;
    if (square < least - 4 || (square < least + 4 && -p[2] < front)) [best, least, front] = [at, Math.min(square, least), -p[2]];
  }
  return best;
}

const held = new Map();
function magnify(factor) { zoom = Math.min(30, Math.max(.3, zoom * factor)); }
function say(event) {
  const at = nearest(event);
  label.textContent = at === null ? SCENE.title : SCENE.names[SCENE.residue[at]] + " " + SCENE.atomNames[at];
}
canvas.addEventListener("pointerdown", e => {
  held.set(e.pointerId, [e.clientX, e.clientY]);
  canvas.setPointerCapture(e.pointerId);
  // A finger does not move before it touches.
  if (e.pointerType !== "mouse") say(e);
});
for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, e => held.delete(e.pointerId));
canvas.addEventListener("pointermove", e => {
  const before = held.get(e.pointerId);
  if (!before) return say(e);
  const [dx, dy] = [e.clientX - before[0], e.clientY - before[1]];
  held.set(e.pointerId, [e.clientX, e.clientY]);
  const slide = share => {
    const step = size / zoom * 2.1 / canvas.clientHeight * share;
    move = [move[0] + dx * step, move[1] - dy * step];
  };
  if (held.size > 1) {
    // Two fingers: what is between them grows with their distance and moves with their middle.
    const [, other] = [...held].find(([id]) => id !== e.pointerId);
    const apart = ([x, y]) => Math.max(1, Math.hypot(x - other[0], y - other[1]));
    magnify(apart([e.clientX, e.clientY]) / apart(before));
    slide(1 / held.size);
  } else if (e.shiftKey || e.buttons === 2 || e.buttons === 4) slide(1);
  else rotate(dx / 160, dy / 160);
  redraw();
});
canvas.addEventListener("contextmenu", e => e.preventDefault());
canvas.addEventListener("wheel", e => {
  e.preventDefault();
  magnify(Math.exp(-e.deltaY / 700));
  redraw();
}, { passive: false });
canvas.addEventListener("dblclick", () => { [turn, move, zoom] = [SCENE.turn, [0, 0], 1]; redraw(); });

const bar = document.getElementById("bar");
function control(name, values, get, set) {
  const button = document.createElement("button");
  const show = () => { button.textContent = `${name}: ${get()}`; };
  button.onclick = () => { set(values[(values.indexOf(get()) + 1) % values.length]); show(); build(); redraw(); };
  show();
  bar.append(button);
}
const onOff = key => [() => choices[key] ? "on" : "off", value => { choices[key] = value === "on"; }];
if (Object.keys(tables).length > 1) control("colour", Object.keys(tables), () => choices.colour, v => { choices.colour = v; });
if (SCENE.traces.length && bonds.length) control("side chains", ["off", "on"], ...onOff("sticks"));
if (roles.includes(WATER)) control("waters", ["off", "on"], ...onOff("waters"));
if (frames > 1) control("pose", Array.from({ length: frames }, (_, i) => `${i + 1} of ${frames}`),
  () => `${choices.frame + 1} of ${frames}`, v => { choices.frame = parseInt(v) - 1; });
label.textContent = SCENE.title;
build();
draw();
new ResizeObserver(redraw).observe(canvas);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
