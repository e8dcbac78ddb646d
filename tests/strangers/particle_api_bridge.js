// Drives npm's particle-api-js as it is told: one JSON document a line in, one out.
// {"method", "args"} calls a method of the client; {"stream": args} opens an event stream,
// {"events": n} waits until it has brought n events; {"$file": base64} stands for a Buffer anywhere in args.
'use strict';

const readline = require('readline');
const Particle = require('particle-api-js');

const api = new Particle({ baseUrl: process.argv[2] });
let stream = null;
let received = [];
let waiting = null;

function revived(value) {
	if (value === null || typeof value !== 'object') {
		return value;
	}
	if (Array.isArray(value)) {
		return value.map(revived);
	}
	if ('$file' in value) {
		return Buffer.from(value.$file, 'base64');
	}
	return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, revived(one)]));
}

function plain(body) {
	return Buffer.isBuffer(body) ? { $file: body.toString('base64') } : body;
}

async function call(method, args) {
	try {
		const answer = await api[method](revived(args));
		return Buffer.isBuffer(answer)
			? { ok: true, body: plain(answer) }
			: { ok: true, status: answer.statusCode, body: plain(answer.body) };
	} catch (error) {
		const { response, ...body } = error.body || {};
		return { ok: false, status: error.statusCode, message: error.message || error.errorDescription, body };
	}
}

async function open(args) {
	try {
		stream = await api.getEventStream(args);
		stream.on('event', (event) => {
			received.push(event);
			if (waiting) {
				waiting();
			}
		});
		return { ok: true };
	} catch (error) {
		return { ok: false, status: error.statusCode, message: error.errorDescription };
	}
}

async function events(count) {
	while (received.length < count) {
		await new Promise((resolve) => {
			waiting = resolve;
		});
	}
	return { ok: true, body: received.splice(0, count) };
}

async function answer(asked) {
	if (asked.stream) {
		return open(asked.stream);
	}
	if (asked.events) {
		return events(asked.events);
	}
	if (asked.close) {
		stream.end();
		return { ok: true };
	}
	return call(asked.method, asked.args || {});
}

(async () => {
	for await (const line of readline.createInterface({ input: process.stdin })) {
		console.log(JSON.stringify(await answer(JSON.parse(line))));
	}
	process.exit(0);
})();
