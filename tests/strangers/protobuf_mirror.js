// Decodes messages with Particle's own schemas, and encodes them again from what was understood.
//
// Standard input: a JSON list of [full name of the type, bytes in hexadecimal digits]. Standard output: a JSON list
// with, for each, null where there is no such type, else {bytes, object}. Then the numbers of the requests.
'use strict';
const { definitions: ctrl, cloudDefinitions: cloud, _pbjsJSON: schema } = require('@particle/device-os-protobuf');

const roots = { 'particle.ctrl': ctrl, 'particle.cloud': cloud };

function find(name) {
	const [, root, path] = /^(particle\.\w+)\.(.*)$/.exec(name);
	return path.split('.').reduce((place, word) => place && place[word], roots[root]);
}

function mirror([name, bytes]) {
	const type = find(name);
	if (!type) {
		return null;
	}
	const object = type.toObject(type.decode(Buffer.from(bytes, 'hex')), { longs: String, bytes: String });
	const again = type.encode(type.fromObject(object)).finish();
	return { bytes: Buffer.from(again).toString('hex'), object };
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
	const numbers = Object.fromEntries(requestNumbers(schema.nested.particle.nested.ctrl, []));
	process.stdout.write(JSON.stringify({ messages: JSON.parse(input).map(mirror), numbers }));
});
