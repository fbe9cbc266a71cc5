console.log(`Node diz: ${process.env.SAUDACAO ?? 'ninguém me disse o que dizer'}`);
