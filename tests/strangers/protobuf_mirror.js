// Particle's own schemas at work: they read messages and write them again, and make messages up.
//
// Standard input: {"mirror": [[full name of a type, bytes in hexadecimal digits], ...], "make": [full names], "rounds": N}.
// Standard output: "mirrored" has null where there is no such type, else {bytes, object}; "made" has [name, bytes, object]
// of N messages for each name; "types" is the name of every type, "enums" the values of every enumeration, "numbers" those of the requests.
'use strict';
const { definitions: ctrl, cloudDefinitions: cloud, _pbjsJSON: schema } = require('@particle/device-os-protobuf');
const protobuf = require('protobufjs');

const roots = { 'particle.ctrl': ctrl, 'particle.cloud': cloud };
const reflected = protobuf.Root.fromJSON(schema);
reflected.resolveAll();
const DEEPEST = 4;

function find(name) {
	const [, root, path] = /^(particle\.\w+)\.(.*)$/.exec(name);
	return path.split('.').reduce((place, word) => place && place[word], roots[root]);
}

const plain = (type, message) => type.toObject(message, { longs: String, bytes: String });

function mirror([name, bytes]) {
	const type = find(name);
	if (!type) {
		return null;
	}
	const message = type.decode(Buffer.from(bytes, 'hex'));
	const again = type.encode(message).finish();
	return { bytes: Buffer.from(again).toString('hex'), object: plain(type, message) };
}

function* all(kind, place) {
	for (const one of place.nestedArray || []) {
		if (one instanceof kind) {
			yield one;
		}
		yield* all(kind, one);
	}
}

// The same numbers every time, which Math.random cannot promise (mulberry32).
let state = 20;
function below(limit) {
	state = (state + 0x6d2b79f5) | 0;
	let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
	mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
	return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
}

const pick = (list) => list[below(list.length)];

function value(field, depth) {
	if (field.resolvedType instanceof protobuf.Enum) {
		return pick([...Object.values(field.resolvedType.values), 99]);
	}
	if (field.resolvedType) {
		return filled(field.resolvedType, depth + 1);
	}
	switch (field.type) {
		case 'bool':
			return pick([false, true]);
		case 'string':
			return pick(['', 'wl3', 'Grüße', '\u{1F980}', 'x'.repeat(200)]);
		case 'bytes':
			return Buffer.from(pick(['', '00', 'ff00fe', 'ab'.repeat(200)]), 'hex');
		case 'int32':
		case 'sint32':
			return pick([0, 1, -1, -47, 2147483647, -2147483648]);
		case 'uint32':
		case 'fixed32':
			return pick([0, 1, 127, 128, 65536, 4294967295]);
		default:
			throw new Error(`a field of the type ${field.type}`);
	}
}

function filled(type, depth = 0) {
	const object = {};
	for (const field of type.fieldsArray) {
		const rival = field.partOf && field.partOf.fieldsArray.some((other) => other.name in object);
		if (rival || below(4) === 0 || (field.resolvedType instanceof protobuf.Type && depth >= DEEPEST)) {
			continue;
		}
		object[field.name] = field.repeated
			? Array.from({ length: below(3) }, () => value(field, depth))
			: value(field, depth);
	}
	return object;
}

function make(type) {
	const name = type.fullName.slice(1);
	const theirs = find(name);
	const bytes = theirs.encode(filled(type)).finish();
	return [name, Buffer.from(bytes).toString('hex'), plain(theirs, theirs.decode(bytes))];
}

function* requestNumbers(place, path) {
	for (const [name, entry] of Object.entries(place.nested || {})) {
		if (entry.options && '(type_id)' in entry.options) {
			yield [[...path, name].join('.'), entry.options['(type_id)']];
		}
		yield* requestNumbers(entry, [...path, name]);
	}
}

let input = '';
process.stdin.on('data', (text) => (input += text));
process.stdin.on('end', () => {
	const asked = JSON.parse(input);
	const known = [...all(protobuf.Type, reflected)];
	const made = [];
	for (let round = 0; round < asked.rounds; round++) {
		made.push(...known.filter((type) => asked.make.includes(type.fullName.slice(1))).map(make));
	}
	const told = {
		mirrored: asked.mirror.map(mirror),
		made,
		types: known.map((type) => type.fullName.slice(1)),
		enums: Object.fromEntries([...all(protobuf.Enum, reflected)].map((one) => [one.fullName.slice(1), one.values])),
		numbers: Object.fromEntries(requestNumbers(schema.nested.particle.nested.ctrl, [])),
	};
	process.stdout.write(JSON.stringify(told));
});
