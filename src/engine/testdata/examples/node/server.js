console.log(`hello from ${process.execPath}`);
