import alawmulaw from 'alawmulaw';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMulaw, encodeMulaw, MULAW_SILENCE } from '../../src/audio/g711.ts';
import { LevelMeter, SILENCE_DBFS } from './level-meter.ts';
import { openVoicePath } from '../../src/audio/voice-path.ts';
import { readWav, WavError, writeWav } from '../../src/audio/wav.ts';

const speech = Int16Array.from({ length: 2400 }, (_, i) =>
  Math.round(8000 * Math.sin(i / 9) + 3000 * Math.sin(i / 3.3)),
);
const bytesOf = (pcm: Int16Array) => new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength).slice();

describe('μ-law', () => {
  it('is exact to alawmulaw for each code and each sample', () => {
    const codes = Uint8Array.from({ length: 256 }, (_, i) => i);
    expect(decodeMulaw(codes)).toEqual(alawmulaw.mulaw.decode(codes));
    const samples = Int16Array.from({ length: 65_536 }, (_, i) => i - 32_768);
    expect(encodeMulaw(samples)).toEqual(alawmulaw.mulaw.encode(samples));
  });

  it('[AUDIO-12] silence is 0xFF and 0x00 is full scale', () => {
    expect(decodeMulaw(Uint8Array.of(MULAW_SILENCE))[0]).toBe(0);
    expect(decodeMulaw(Uint8Array.of(0))[0]).toBe(-32_124);
    expect(encodeMulaw(new Int16Array(1))[0]).toBe(MULAW_SILENCE);
  });
});

describe('voice path', () => {
  it('[AUDIO-10] audio split anywhere, also within a sample, gives the same frames', () => {
    const audio = bytesOf(speech);
    const whole = openVoicePath('transcode').toCaller(audio);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 501 }), { minLength: 12, maxLength: 30 }), (lengths) => {
        const path = openVoicePath('transcode');
        const out: number[] = [];
        let at = 0;
        for (const length of [...lengths, audio.length])
          out.push(...path.toCaller(audio.subarray(at, (at = Math.min(audio.length, at + length)))));
        expect(out).toEqual([...whole]);
      }),
      { numRuns: 50 },
    );
  });

  it('20 ms of the caller are 20 ms of the agent, both ways, in both modes', () => {
    for (const mode of ['transcode', 'passthrough'] as const) {
      const path = openVoicePath(mode);
      const toAgent = path.toAgent(new Uint8Array(160).fill(MULAW_SILENCE));
      expect(toAgent.length / path.agentBytesPerMs).toBe(20);
      expect(path.toCaller(new Uint8Array(path.agentBytesPerMs * 20)).length).toBe(160);
    }
  });

  it('an interruption leaves nothing of the old audio, not even half a sample', () => {
    const path = openVoicePath('transcode');
    path.toCaller(bytesOf(speech).subarray(0, 1001));
    path.interrupted();
    expect(path.toCaller(new Uint8Array(960)).every((code) => code === MULAW_SILENCE)).toBe(true);
  });

  it('passthrough changes no byte', () => {
    const path = openVoicePath('passthrough');
    const frame = Uint8Array.of(1, 2, 3);
    expect(path.toAgent(frame)).toBe(frame);
    expect(path.endOfItem()).toHaveLength(0);
  });
});

describe('level meter', () => {
  it('reads a full-scale square wave near 0 dBFS and silence at the bottom', () => {
    const meter = new LevelMeter();
    meter.add(new Uint8Array(160).fill(0x00));
    expect(meter.read().rmsDbfs).toBeCloseTo(-0.17, 1);
    meter.add(new Uint8Array(160).fill(MULAW_SILENCE));
    expect(meter.read()).toEqual({ rmsDbfs: SILENCE_DBFS, peakDbfs: SILENCE_DBFS, samples: 160 });
  });
});

describe('wav', () => {
  it('what is written is read again, in stereo, the shorter channel filled with silence', () => {
    const wav = readWav(writeWav({ sampleRateHz: 8000, channels: [speech.slice(0, 100), speech.slice(0, 60)] }));
    expect(wav.sampleRateHz).toBe(8000);
    expect(wav.channels[0]).toEqual(speech.slice(0, 100));
    expect([...(wav.channels[1] as Int16Array).slice(58)]).toEqual([
      speech[58],
      speech[59],
      ...Array.from({ length: 40 }, () => 0),
    ]);
  });

  it('μ-law files are read as samples', () => {
    const bytes = writeWav({ sampleRateHz: 8000, channels: [new Int16Array(2)] });
    bytes[20] = 7;
    bytes[34] = 8;
    bytes.set([0x00, 0xff, 0x80, 0xff], 44);
    expect([...(readWav(bytes).channels[0] as Int16Array)]).toEqual([-32_124, 0, 32_124, 0]);
  });

  it('bad files are refused with the reason, whatever the bytes', () => {
    expect(() => readWav(new Uint8Array(5))).toThrow('not a wav file');
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        const bytes = writeWav({ sampleRateHz: 8000, channels: [new Int16Array(10)] });
        bytes.set(noise.subarray(0, 40), 12);
        try {
          readWav(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WavError);
        }
      }),
    );
  });
});
