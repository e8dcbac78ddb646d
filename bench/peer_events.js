// Decodes a file of events, in pieces of the given size, with Particle's own library; prints the events of one round
// and the shortest time of a round in seconds.
// node peer_events.js EVENT_STREAM_MODULE ROUNDS PIECE FILE
'use strict';
const fs = require('fs');
const [library, rounds, piece, path] = process.argv.slice(2);
const EventStream = require(library);

const bytes = fs.readFileSync(path);
let events = 0;
let best = Infinity;
for (let round = 0; round < Number(rounds); round++) {
	const stream = new EventStream('http://127.0.0.1/', 'none');
	stream.startIdleTimeout = () => undefined; // the time-out of a connection that is not there
	events = 0;
	stream.on('event', () => events++);
	const started = process.hrtime.bigint();
	for (let at = 0; at < bytes.length; at += Number(piece)) {
		stream.parse(bytes.subarray(at, at + Number(piece)));
	}
	best = Math.min(best, Number(process.hrtime.bigint() - started) / 1e9);
}
console.log(JSON.stringify({ events, seconds: best }));
