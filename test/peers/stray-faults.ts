/** Loaded into a Bellhop of a test: faults in nobody's code, when the test asks for them. */
process.on('message', (kind) => {
  if (kind === 'throw')
    setTimeout(() => {
      throw new Error('a stray throw');
    });
  if (kind === 'reject') void Promise.reject(new Error('a stray reject'));
});
