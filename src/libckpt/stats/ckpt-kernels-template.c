/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The kernels for vectors of one width: ckpt-kernels.c includes this once for each, with KERNEL_WIDTH (bytes), KERNEL_ATTRIBUTE and
 * NAME() set. An inline function that one for another processor called would be lowered to scalars. */

typedef double NAME (Doubles) __attribute__ ((vector_size (KERNEL_WIDTH)));
typedef guint64 NAME (Longs) __attribute__ ((vector_size (KERNEL_WIDTH)));
typedef float NAME (Floats) __attribute__ ((vector_size (KERNEL_WIDTH)));
typedef guint32 NAME (Words) __attribute__ ((vector_size (KERNEL_WIDTH)));
typedef float NAME (Halves) __attribute__ ((vector_size (KERNEL_WIDTH / 2)));

#define N_DOUBLES (KERNEL_WIDTH / 8)
#define N_FLOATS  (KERNEL_WIDTH / 4)
#define N_SUMS    (N_LANES / N_DOUBLES)
#define N_RANGES  (N_LANES / N_FLOATS)

KERNEL_ATTRIBUTE static void
NAME (kernel_float32) (const void *items, gsize n, double shift, CkptFigures *figures)
{
  const guint8 *bytes = items;
  NAME (Doubles) sums[N_SUMS] = { { 0 } }, squares[N_SUMS] = { { 0 } };
  NAME (Floats) lows[N_RANGES], highs[N_RANGES];
  NAME (Words) zeros[N_RANGES] = { { 0 } }, bits[N_RANGES] = { { 0 } };
  gsize n_whole = n / N_LANES * N_LANES;
  Lanes lanes;

  for (guint i = 0; i < N_RANGES; i++)
    {
      lows[i] = (NAME (Floats)) { 0 } + INFINITY;
      highs[i] = (NAME (Floats)) { 0 } - INFINITY;
    }
  for (gsize first = 0; first < n_whole; first += N_LANES)
    {
      for (guint i = 0; i < N_SUMS; i++)
        {
          NAME (Halves) half;
          NAME (Doubles) value;

          memcpy (&half, bytes + (first + i * N_DOUBLES) * sizeof (float), sizeof half);
          value = __builtin_convertvector (half, NAME (Doubles)) - shift;
          sums[i] += value;
          squares[i] += value * value;
        }
      for (guint i = 0; i < N_RANGES; i++)
        {
          NAME (Floats) value;
          NAME (Words) is_low, is_high;

          memcpy (&value, bytes + (first + i * N_FLOATS) * sizeof (float), sizeof value);
          is_low = (NAME (Words)) (value < lows[i]);
          is_high = (NAME (Words)) (value > highs[i]);
          lows[i] = (NAME (Floats)) CHOOSE (is_low, (NAME (Words)) value, (NAME (Words)) lows[i]);
          highs[i] = (NAME (Floats)) CHOOSE (is_high, (NAME (Words)) value, (NAME (Words)) highs[i]);
          zeros[i] -= (NAME (Words)) (value == 0);
          bits[i] |= (NAME (Words)) value;
        }
    }

  memcpy (lanes.sum, sums, sizeof lanes.sum);
  memcpy (lanes.squares, squares, sizeof lanes.squares);
  for (guint i = 0; i < N_LANES; i++)
    take_lane (figures, lows[i / N_FLOATS][i % N_FLOATS], highs[i / N_FLOATS][i % N_FLOATS],
               zeros[i / N_FLOATS][i % N_FLOATS], bits[i / N_FLOATS][i % N_FLOATS]);
  take_rest_float32 (figures, &lanes, bytes + n_whole * sizeof (float), n - n_whole, shift);
  finish (figures, &lanes);
}

KERNEL_ATTRIBUTE static void
NAME (kernel_float64) (const void *items, gsize n, double shift, CkptFigures *figures)
{
  const guint8 *bytes = items;
  NAME (Doubles) sums[N_SUMS] = { { 0 } }, squares[N_SUMS] = { { 0 } };
  NAME (Doubles) low = (NAME (Doubles)) { 0 } + INFINITY, high = (NAME (Doubles)) { 0 } - INFINITY;
  NAME (Longs) zeros = { 0 }, bits = { 0 };
  gsize n_whole = n / N_LANES * N_LANES;
  Lanes lanes;

  for (gsize first = 0; first < n_whole; first += N_LANES)
    for (guint i = 0; i < N_SUMS; i++)
      {
        NAME (Doubles) value;
        NAME (Longs) is_low, is_high;

        memcpy (&value, bytes + (first + i * N_DOUBLES) * sizeof (double), sizeof value);
        is_low = (NAME (Longs)) (value < low);
        is_high = (NAME (Longs)) (value > high);
        low = (NAME (Doubles)) CHOOSE (is_low, (NAME (Longs)) value, (NAME (Longs)) low);
        high = (NAME (Doubles)) CHOOSE (is_high, (NAME (Longs)) value, (NAME (Longs)) high);
        zeros -= (NAME (Longs)) (value == 0);
        bits |= (NAME (Longs)) value;
        value -= shift;
        sums[i] += value;
        squares[i] += value * value;
      }

  memcpy (lanes.sum, sums, sizeof lanes.sum);
  memcpy (lanes.squares, squares, sizeof lanes.squares);
  for (guint i = 0; i < N_DOUBLES; i++)
    take_lane (figures, low[i], high[i], zeros[i], bits[i]);
  take_rest_float64 (figures, &lanes, bytes + n_whole * sizeof (double), n - n_whole, shift);
  finish (figures, &lanes);
}

#undef N_DOUBLES
#undef N_FLOATS
#undef N_SUMS
#undef N_RANGES
