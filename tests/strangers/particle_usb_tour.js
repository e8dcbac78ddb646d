// What people do today with npm's particle-usb, from listing a device to flashing it and back. Says what it saw in JSON.
//
//     node particle_usb_tour.js ADDRESS FILE
'use strict';
const { readFileSync } = require('fs');
const usb = require('particle-usb');

const TRIES = 100;
const PAUSE_MS = 100;

const pause = () => new Promise((done) => setTimeout(done, PAUSE_MS));

async function openAgain(id, wanted) {
	for (let attempt = 0; attempt < TRIES; attempt++) {
		try {
			const device = await usb.openDeviceById(id);
			if (device.isInDfuMode === wanted) {
				return device;
			}
			await device.close();
		} catch (error) {
			// it is on its way
		}
		await pause();
	}
	throw new Error(`the device did not come back, DFU mode ${wanted}`);
}

async function main(address, image) {
	const told = {};
	const devices = await usb.getDevices();
	told.listed = devices.length;
	let device = devices[0];
	await device.open();
	const id = device.id;
	Object.assign(told, { id, type: device.type, version: device.firmwareVersion, dfu: device.isInDfuMode });
	told.deviceId = await device.getDeviceId();
	told.serialNumber = await device.getSerialNumber();
	told.mode = await device.getDeviceMode();
	told.modules = (await device.getFirmwareModuleInfo()).map((module) => [module.type, module.index, module.version]);
	await device.enterDfuMode();
	await device.close();

	device = await openAgain(id, true);
	told.dfuThen = device.isInDfuMode;
	await device.writeOverDfu(image, { altSetting: 0, startAddr: address });
	let read;
	try {
		read = await device.readOverDfu({ altSetting: 0, startAddr: address, size: image.length });
	} catch (error) { // its first read after a write fails once, on real devices too
		read = await device.readOverDfu({ altSetting: 0, startAddr: address, size: image.length });
	}
	told.same = image.equals(read);
	await device.reset();
	await device.close();

	device = await openAgain(id, false);
	told.modeAfter = await device.getDeviceMode();
	await device.close();
	return told;
}

main(Number(process.argv[2]), readFileSync(process.argv[3])).then(
	(told) => {
		process.stdout.write(JSON.stringify(told), () => process.exit(0)); // its libusb would keep the program alive
	},
	(error) => {
		console.error(error);
		process.exit(1);
	}
);
