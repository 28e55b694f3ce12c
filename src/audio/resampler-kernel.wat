;; One FIR filter over 16-bit samples, eight products at a time. The resamplers call it once for each polyphase branch.
;; Memory is laid out by resampler.ts; addresses and steps are in bytes, taps a multiple of 8.
(module
  (memory (export "memory") 2)
  (func (export "filter")
    (param $input i32) (param $coefficients i32) (param $tapBytes i32)
    (param $output i32) (param $count i32) (param $inputStep i32) (param $outputStep i32)
    (local $sum v128) (local $tap i32)
    (if (i32.eqz (local.get $count)) (then (return)))
    (loop $samples
      ;; Half a unit of Q15, so that the shift below rounds; each of the four lanes carries a quarter of it.
      (local.set $sum (v128.const i32x4 4096 4096 4096 4096))
      (local.set $tap (i32.const 0))
      (loop $taps
        (local.set $sum
          (i32x4.add
            (local.get $sum)
            (i32x4.dot_i16x8_s
              (v128.load align=1 (i32.add (local.get $input) (local.get $tap)))
              (v128.load align=1 (i32.add (local.get $coefficients) (local.get $tap))))))
        (local.set $tap (i32.add (local.get $tap) (i32.const 16)))
        (br_if $taps (i32.lt_u (local.get $tap) (local.get $tapBytes))))
      ;; All lanes come to the whole sum, then Q15 is taken off and the sample saturates instead of wrapping.
      (local.set $sum
        (i32x4.add
          (local.get $sum)
          (i8x16.shuffle 8 9 10 11 12 13 14 15 0 1 2 3 4 5 6 7 (local.get $sum) (local.get $sum))))
      (local.set $sum
        (i32x4.add
          (local.get $sum)
          (i8x16.shuffle 4 5 6 7 0 1 2 3 12 13 14 15 8 9 10 11 (local.get $sum) (local.get $sum))))
      (local.set $sum (i32x4.shr_s (local.get $sum) (i32.const 15)))
      (v128.store16_lane align=1 0 (local.get $output) (i16x8.narrow_i32x4_s (local.get $sum) (local.get $sum)))
      (local.set $input (i32.add (local.get $input) (local.get $inputStep)))
      (local.set $output (i32.add (local.get $output) (local.get $outputStep)))
      (local.set $count (i32.sub (local.get $count) (i32.const 1)))
      (br_if $samples (local.get $count)))))
