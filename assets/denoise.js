// Takes the noise out of the microphone's sound, in the thread of the sound. src/platform/denoise.rs loads it when its user
// wants it, and hands over the bytes of denoise/, as a worklet cannot fetch.
registerProcessor('denoise', class extends AudioWorkletProcessor {
  constructor({ processorOptions: bytes }) {
    super();
    this.wasm = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  }

  process([[input]], [[output]]) {
    if (input) output.set(input); // Nothing comes in while nothing is connected.
    let works = true;
    try {
      this.denoise(output);
    } catch {
      works = false;
      this.denoise = () => {}; // The sound goes on as it is.
    }
    // The page waits for the first sound before it sends any.
    if (!this.begun) this.port.postMessage(works);
    this.begun = true;
    return true;
  }

  denoise(sound) {
    this.samples.set(sound);
    this.wasm.denoise();
    sound.set(this.samples);
  }

  /** Where the samples are handed over; made anew where the memory has grown, which leaves the old view empty. */
  get samples() {
    const { memory, samples } = this.wasm;
    if (!this.view?.length) this.view = new Float32Array(memory.buffer, samples(), 128);
    return this.view;
  }
});
