/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "slices/ckpt-blocks.h"

#include "io/ckpt-error.h"
#include "model/ckpt-values.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

/* Values that are held at a time. */
#define N_AT_ONCE ((guint64) 65536)
/* A bound on the time that a file can ask for: about half an hour. */
#define MAX_STEPS ((guint64) 1 << 40)
/* Bytes from one call of the progress function to the next. */
#define PROGRESS_BYTES ((guint64) 4 << 20)

/* Blocks that are looked at to see which values are usual; of them, at each end, those that may be left out; and how many times as wide
 * the whole range must be for that. */
#define N_SAMPLES  4096
#define LEFT_OUT   0.0025
#define FAR_FACTOR 4

/* The figures of finite values; without any, the least is above the greatest. */
typedef struct
{
  guint64 n;
  double mean;
  double min;
  double max;
  guint flags;
} Block;

struct _CkptBlocks
{
  gatomicrefcount ref_count;
  CkptRect rect;
  guint64 row_factor;
  guint64 column_factor;
  guint64 n_rows;
  guint64 n_columns;
  guint64 n_nan;
  guint64 n_inf;
  guint64 n_missing;
  guint64 outer_step; /* from one block to the next along either axis of the pass; 0 where all are the same */
  guint64 inner_step;
  gboolean is_turned; /* whether the outer axis is that of the columns */
  guint64 n_blocks;
  Block *blocks;
};

/* One pass, in the order of the storage: the outer axis is the one with the larger strides. */
typedef struct
{
  CkptBlocks *blocks;
  CkptTree *tree;
  CkptSlice *slice; /* its rows are the outer axis */
  guint64 outer;    /* where it begins, and how far it goes */
  guint64 n_outer;
  guint64 inner;
  guint64 n_inner;
  guint64 outer_factor;
  guint64 inner_factor;
  guint64 times; /* how many elements each one stands for */
  gsize item_size;
  double *values;
  CkptProgressFunc progress;
  gpointer progress_data;
  GCancellable *cancellable;
} Pass;

static void
pass_clear (Pass *pass)
{
  g_clear_pointer (&pass->slice, ckpt_slice_free);
  g_clear_pointer (&pass->values, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_clear)

/* Numbers that are added at a time, none waiting for another. */
#define N_LANES 4

/* What is found of some values that are all finite. */
typedef struct
{
  double sum;
  double min;
  double max;
} Reduction;

/* The sum is finite only if all values are, and tells so most cheaply. */
static gboolean
reduce_finite (const double *values, gsize n, Reduction *reduction)
{
  double sums[N_LANES] = { 0 }, mins[N_LANES], maxs[N_LANES];
  gsize i = 0;

  for (guint lane = 0; lane < N_LANES; lane++)
    mins[lane] = maxs[lane] = values[0];
  for (; i + N_LANES <= n; i += N_LANES)
    for (guint lane = 0; lane < N_LANES; lane++)
      {
        sums[lane] += values[i + lane];
        mins[lane] = MIN (values[i + lane], mins[lane]);
        maxs[lane] = MAX (values[i + lane], maxs[lane]);
      }
  for (; i < n; i++)
    {
      sums[0] += values[i];
      mins[0] = MIN (values[i], mins[0]);
      maxs[0] = MAX (values[i], maxs[0]);
    }
  reduction->sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  reduction->min = MIN (MIN (mins[0], mins[1]), MIN (mins[2], mins[3]));
  reduction->max = MAX (MAX (maxs[0], maxs[1]), MAX (maxs[2], maxs[3]));
  return isfinite (reduction->sum);
}

static void
add_other (Pass *pass, Block *block, double value)
{
  if (isnan (value))
    {
      block->flags |= CKPT_BLOCK_HAS_NAN;
      pass->blocks->n_nan += pass->times;
      return;
    }
  block->flags |= value > 0 ? CKPT_BLOCK_HAS_POS_INF : CKPT_BLOCK_HAS_NEG_INF;
  pass->blocks->n_inf += pass->times;
}

/* @n finite values, of which the mean is known. */
static void
add_figures (Block *block, guint64 n, double mean, double min, double max)
{
  double share = (double) n / (double) (block->n + n);

  block->mean = block->n > 0 ? block->mean * (1 - share) + mean * share : mean;
  block->min = MIN (block->min, min);
  block->max = MAX (block->max, max);
  block->n += n;
}

/* Values of which some are not finite, or whose sum is beyond a double. */
static void
add_odd_run (Pass *pass, Block *block, const double *values, gsize n)
{
  for (gsize i = 0; i < n; i++)
    if (isfinite (values[i]))
      add_figures (block, 1, values[i], values[i], values[i]);
    else
      add_other (pass, block, values[i]);
}

/* Values that are all of one block. */
static void
add_run (Pass *pass, Block *block, const double *values, gsize n)
{
  Reduction reduction;

  block->flags |= CKPT_BLOCK_HAS_VALUE;
  if (reduce_finite (values, n, &reduction))
    add_figures (block, n, reduction.sum / (double) n, reduction.min, reduction.max);
  else
    add_odd_run (pass, block, values, n);
}

static Block *
get_block (const Pass *pass, guint64 outer, guint64 inner)
{
  CkptBlocks *blocks = pass->blocks;

  return blocks->blocks + outer / pass->outer_factor * blocks->outer_step +
         inner / pass->inner_factor * blocks->inner_step;
}

/* One row of the pass from @inner on: @n values, and then @n_missing that the file lacks. */
static void
add_row (Pass *pass, guint64 outer, guint64 inner, const double *values, guint64 n, guint64 n_missing)
{
  guint64 end = inner + n;

  while (inner < end)
    {
      guint64 n_run = MIN (end - inner, pass->inner_factor - inner % pass->inner_factor);

      add_run (pass, get_block (pass, outer, inner), values, n_run);
      values += n_run;
      inner += n_run;
    }
  pass->blocks->n_missing += n_missing * pass->times;
  for (end += n_missing; inner < end; inner += pass->inner_factor - inner % pass->inner_factor)
    get_block (pass, outer, inner)->flags |= CKPT_BLOCK_HAS_MISSING;
}

static gboolean
read_values (Pass *pass, guint64 outer, guint64 n_outer, guint64 inner, guint64 n_inner, GError **error)
{
  const CkptRect rect = { pass->outer + outer, n_outer, pass->inner + inner, n_inner };
  CkptTensor *part = ckpt_slice_get_part (pass->slice, &rect);
  gboolean is_read = ckpt_tensor_read_doubles (pass->tree, part, 0, part->numel, pass->values, error);

  ckpt_part_free (part);
  return is_read;
}

/* Row by row where the file lacks something, else at once. */
static gboolean
run_chunk (Pass *pass, guint64 outer, guint64 n_outer, guint64 inner, guint64 n_inner, GError **error)
{
  const CkptRect rect = { pass->outer + outer, n_outer, pass->inner + inner, n_inner };
  CkptTensor *part = ckpt_slice_get_part (pass->slice, &rect);
  gboolean is_whole = ckpt_part_count_present (pass->tree, part, n_outer - 1) == n_inner;
  gboolean is_read = !is_whole || read_values (pass, outer, n_outer, inner, n_inner, error);

  for (guint64 i = 0; i < n_outer && is_read; i++)
    {
      guint64 n = is_whole ? n_inner : ckpt_part_count_present (pass->tree, part, i);

      if (!is_whole && n > 0)
        is_read = read_values (pass, outer + i, 1, inner, n, error);
      if (is_read)
        add_row (pass, outer + i, inner, pass->values + (is_whole ? i * n_inner : 0), n, n_inner - n);
    }
  ckpt_part_free (part);
  return is_read;
}

static gboolean
run_pass (Pass *pass, GError **error)
{
  guint64 n_inner = MIN (pass->n_inner, N_AT_ONCE), n_outer = N_AT_ONCE / n_inner;
  guint64 total = pass->n_outer * pass->n_inner, done = 0, told = 0;

  for (guint64 outer = 0; outer < pass->n_outer; outer += n_outer)
    for (guint64 inner = 0; inner < pass->n_inner; inner += n_inner)
      {
        guint64 n_rows = MIN (n_outer, pass->n_outer - outer),
                n_columns = MIN (n_inner, pass->n_inner - inner);

        if (g_cancellable_set_error_if_cancelled (pass->cancellable, error) ||
            !run_chunk (pass, outer, n_rows, inner, n_columns, error))
          return FALSE;
        done += n_rows * n_columns;
        if (pass->progress == NULL || ((done - told) * pass->item_size < PROGRESS_BYTES && done < total))
          continue;
        pass->progress (done * pass->item_size, total * pass->item_size, pass->progress_data);
        told = done;
      }
  return TRUE;
}

/* Rows, or columns, that are all the same elements of the storage are one. */
static gboolean
is_repeated (const CkptTensor *part, guint axis)
{
  return axis < part->n_dims && part->stride[axis] == 0 &&
         (part->quantizer == NULL || part->quantizer->scheme != CKPT_QSCHEME_PER_CHANNEL);
}

static void
collapse (guint64 *n, guint64 *factor, guint64 *step, guint64 *times)
{
  *times *= *n;
  *n = 1;
  *factor = 1;
  *step = 0;
}

/* Chooses the order of the pass. A vector is always the inner axis. */
static void
plan (Pass *pass, const CkptSlice *slice, const CkptTensor *part)
{
  CkptBlocks *blocks = pass->blocks;
  const CkptRect *rect = &blocks->rect;
  int row_axis = ckpt_slice_get_row_axis (slice), column_axis = ckpt_slice_get_column_axis (slice);

  blocks->is_turned = part->n_dims == 2 ? part->stride[0] < part->stride[1] : row_axis != CKPT_NO_AXIS;
  pass->slice = ckpt_slice_copy (slice);
  pass->times = 1;
  pass->outer = rect->row;
  pass->n_outer = rect->n_rows;
  pass->inner = rect->column;
  pass->n_inner = rect->n_columns;
  pass->outer_factor = blocks->row_factor;
  pass->inner_factor = blocks->column_factor;
  blocks->outer_step = blocks->n_columns;
  blocks->inner_step = 1;
  if (blocks->is_turned)
    {
      ckpt_slice_set_axes (pass->slice, column_axis, row_axis);
      pass->outer = rect->column;
      pass->n_outer = rect->n_columns;
      pass->inner = rect->row;
      pass->n_inner = rect->n_rows;
      pass->outer_factor = blocks->column_factor;
      pass->inner_factor = blocks->row_factor;
      blocks->outer_step = 1;
      blocks->inner_step = blocks->n_columns;
    }
  if (part->n_dims == 2 && is_repeated (part, blocks->is_turned ? 1 : 0))
    collapse (&pass->n_outer, &pass->outer_factor, &blocks->outer_step, &pass->times);
  if (part->n_dims > 0 && is_repeated (part, blocks->is_turned ? 0 : part->n_dims - 1))
    collapse (&pass->n_inner, &pass->inner_factor, &blocks->inner_step, &pass->times);
}

static CkptBlocks *
new_blocks (const CkptRect *rect, guint64 row_factor, guint64 column_factor, GError **error)
{
  guint64 n_rows = (rect->n_rows - 1) / row_factor + 1;
  guint64 n_columns = (rect->n_columns - 1) / column_factor + 1;
  CkptBlocks *self;

  if (n_rows > CKPT_BLOCKS_MAX / n_columns)
    {
      ckpt_error_set (error, CKPT_ERROR_LIMIT, "too-many-cells", _ ("These are too many values at once."));
      return NULL;
    }
  self = g_new0 (CkptBlocks, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->rect = *rect;
  self->row_factor = row_factor;
  self->column_factor = column_factor;
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  self->n_blocks = n_rows * n_columns;
  self->blocks = g_new (Block, self->n_blocks);
  for (guint64 i = 0; i < self->n_blocks; i++)
    self->blocks[i] = (Block) { .min = INFINITY, .max = -INFINITY };
  return self;
}

/**
 * ckpt_blocks_compute:
 * @slice: a slice
 * @rect: cells of it; at least one
 * @row_factor: rows of a block; at least 1
 * @column_factor: columns of a block; at least 1
 * @progress: (nullable): told how many bytes are done
 * @progress_data: for @progress
 * @cancellable: (nullable): to stop
 * @error: return location for an error
 *
 * Goes once over the elements, in the order of the storage, holding at most a few megabytes besides the blocks; rows or columns that are
 * repetitions are gone over once. What a file that is cut lacks is missing; that is no error. May be called on any thread.
 *
 * Returns: (transfer full): the blocks; %NULL with %CKPT_ERROR_LIMIT for more than %CKPT_BLOCKS_MAX blocks or 2^40 elements,
 *   %G_IO_ERROR_CANCELLED, or an error of reading the file
 */
CkptBlocks *
ckpt_blocks_compute (const CkptSlice *slice,
                     const CkptRect *rect,
                     guint64 row_factor,
                     guint64 column_factor,
                     CkptProgressFunc progress,
                     gpointer progress_data,
                     GCancellable *cancellable,
                     GError **error)
{
  g_autoptr (CkptBlocks) self = NULL;
  g_auto (Pass) pass = { .progress = progress, .progress_data = progress_data, .cancellable = cancellable };
  CkptTensor *part;

  g_return_val_if_fail (rect->n_rows > 0 && rect->n_columns > 0, NULL);
  g_return_val_if_fail (row_factor > 0 && column_factor > 0, NULL);

  self = new_blocks (rect, row_factor, column_factor, error);
  part = self != NULL ? ckpt_slice_get_part (slice, rect) : NULL;
  if (part == NULL)
    return NULL;
  pass.blocks = self;
  pass.tree = ckpt_slice_get_tree (slice);
  pass.item_size = ckpt_dtype_get_info (part->dtype)->item_size;
  pass.values = g_new (double, N_AT_ONCE);
  plan (&pass, slice, part);
  ckpt_part_free (part);
  if (pass.n_outer * pass.n_inner > MAX_STEPS)
    {
      ckpt_error_set (error, CKPT_ERROR_LIMIT, "tensor-too-large-to-scan",
                      _ ("The tensor has so many elements that going over them would take too long."));
      return NULL;
    }
  return run_pass (&pass, error) ? g_steal_pointer (&self) : NULL;
}

/**
 * ckpt_blocks_ref:
 * @self: blocks
 *
 * Returns: (transfer full): the same
 */
CkptBlocks *
ckpt_blocks_ref (CkptBlocks *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * ckpt_blocks_unref:
 * @self: (transfer full): blocks
 */
void
ckpt_blocks_unref (CkptBlocks *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->blocks);
  g_free (self);
}

/**
 * ckpt_blocks_get_rect:
 * @self: blocks
 *
 * Returns: (transfer none): which cells of the slice they are made of
 */
const CkptRect *
ckpt_blocks_get_rect (const CkptBlocks *self)
{
  return &self->rect;
}

/**
 * ckpt_blocks_get_row_factor:
 * @self: blocks
 *
 * Returns: rows of the slice that make a block; the last block may have fewer
 */
guint64
ckpt_blocks_get_row_factor (const CkptBlocks *self)
{
  return self->row_factor;
}

/**
 * ckpt_blocks_get_column_factor:
 * @self: blocks
 *
 * Returns: columns of the slice that make a block; the last block may have fewer
 */
guint64
ckpt_blocks_get_column_factor (const CkptBlocks *self)
{
  return self->column_factor;
}

/**
 * ckpt_blocks_get_n_rows:
 * @self: blocks
 *
 * Returns: how many there are below each other
 */
guint64
ckpt_blocks_get_n_rows (const CkptBlocks *self)
{
  return self->n_rows;
}

/**
 * ckpt_blocks_get_n_columns:
 * @self: blocks
 *
 * Returns: how many there are beside each other
 */
guint64
ckpt_blocks_get_n_columns (const CkptBlocks *self)
{
  return self->n_columns;
}

/**
 * ckpt_blocks_get_n_nan:
 * @self: blocks
 *
 * Returns: how many elements are NaN
 */
guint64
ckpt_blocks_get_n_nan (const CkptBlocks *self)
{
  return self->n_nan;
}

/**
 * ckpt_blocks_get_n_inf:
 * @self: blocks
 *
 * Returns: how many elements are infinite
 */
guint64
ckpt_blocks_get_n_inf (const CkptBlocks *self)
{
  return self->n_inf;
}

/**
 * ckpt_blocks_get_n_missing:
 * @self: blocks
 *
 * Returns: how many elements the file lacks
 */
guint64
ckpt_blocks_get_n_missing (const CkptBlocks *self)
{
  return self->n_missing;
}

static const Block *
peek (const CkptBlocks *self, guint64 row, guint64 column)
{
  guint64 outer = self->is_turned ? column : row, inner = self->is_turned ? row : column;

  return self->blocks + outer * self->outer_step + inner * self->inner_step;
}

/**
 * ckpt_blocks_get_flags:
 * @self: blocks
 * @row: a row of blocks
 * @column: a column of blocks
 *
 * Returns: what is in the block besides finite values
 */
CkptBlockFlags
ckpt_blocks_get_flags (const CkptBlocks *self, guint64 row, guint64 column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, 0);

  return peek (self, row, column)->flags;
}

static double
get_value (const Block *block, CkptBlockKind kind)
{
  gboolean has_pos = (block->flags & CKPT_BLOCK_HAS_POS_INF) != 0;
  gboolean has_neg = (block->flags & CKPT_BLOCK_HAS_NEG_INF) != 0;

  if (kind == CKPT_BLOCK_MIN && has_neg)
    return -INFINITY;
  if (kind == CKPT_BLOCK_MAX && has_pos)
    return INFINITY;
  if (block->n > 0)
    return kind == CKPT_BLOCK_MEAN ? block->mean : kind == CKPT_BLOCK_MIN ? block->min : block->max;
  if (has_pos != has_neg && (kind != CKPT_BLOCK_MEAN || !(block->flags & CKPT_BLOCK_HAS_NAN)))
    return has_pos ? INFINITY : -INFINITY;
  return NAN;
}

/**
 * ckpt_blocks_get_value:
 * @self: blocks
 * @kind: what to make of the elements of a block
 * @row: a row of blocks
 * @column: a column of blocks
 *
 * The mean is that of the finite elements; the least and the greatest may be infinite, and are not NaN while there is something else.
 * ckpt_blocks_get_flags() tells what else is in the block.
 *
 * Returns: the value; NaN where there is none
 */
double
ckpt_blocks_get_value (const CkptBlocks *self, CkptBlockKind kind, guint64 row, guint64 column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, NAN);

  return get_value (peek (self, row, column), kind);
}

/**
 * ckpt_blocks_get_shown:
 * @self: blocks
 * @kind: what to make of the elements of a block
 * @row: a row of blocks
 * @column: a column of blocks
 *
 * Returns: NaN, or an infinity, where there is any in the block, so that none goes unseen in a picture; else as ckpt_blocks_get_value()
 */
double
ckpt_blocks_get_shown (const CkptBlocks *self, CkptBlockKind kind, guint64 row, guint64 column)
{
  CkptBlockFlags flags = ckpt_blocks_get_flags (self, row, column);

  if (flags & CKPT_BLOCK_HAS_NAN)
    return NAN;
  if (flags & (CKPT_BLOCK_HAS_POS_INF | CKPT_BLOCK_HAS_NEG_INF))
    return flags & CKPT_BLOCK_HAS_POS_INF ? INFINITY : -INFINITY;
  return ckpt_blocks_get_value (self, kind, row, column);
}

/**
 * ckpt_blocks_get_range:
 * @self: blocks
 * @kind: what to make of the elements of a block
 * @low: (out): the least finite value of a block
 * @high: (out): the greatest
 *
 * Returns: %FALSE, with both untouched, if no block has a finite value
 */
gboolean
ckpt_blocks_get_range (const CkptBlocks *self, CkptBlockKind kind, double *low, double *high)
{
  double least = INFINITY, greatest = -INFINITY;

  for (guint64 i = 0; i < self->n_blocks; i++)
    {
      double value = get_value (&self->blocks[i], kind);

      if (!isfinite (value))
        continue;
      least = MIN (least, value);
      greatest = MAX (greatest, value);
    }
  if (least > greatest)
    return FALSE;
  *low = least;
  *high = greatest;
  return TRUE;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double one = *(const double *) a, other = *(const double *) b;

  return (one > other) - (one < other);
}

/* Finite values of blocks that are evenly apart, in order. */
static gsize
take_samples (const CkptBlocks *self, CkptBlockKind kind, double samples[N_SAMPLES])
{
  guint64 step = (self->n_blocks - 1) / N_SAMPLES + 1;
  gsize n = 0;

  for (guint64 i = 0; i < self->n_blocks; i += step)
    {
      double value = get_value (&self->blocks[i], kind);

      if (isfinite (value))
        samples[n++] = value;
    }
  qsort (samples, n, sizeof *samples, compare_doubles);
  return n;
}

/**
 * ckpt_blocks_get_usual_range:
 * @self: blocks
 * @kind: what to make of the elements of a block
 * @low: (out): the least value that is no outlier
 * @high: (out): the greatest
 *
 * Of some blocks that are evenly apart, a quarter of a per cent at each end is left out, if the range of all is more than four times as
 * wide as that of the others.
 *
 * Returns: %FALSE, with both untouched, if no value is so far off
 */
gboolean
ckpt_blocks_get_usual_range (const CkptBlocks *self, CkptBlockKind kind, double *low, double *high)
{
  g_autofree double *samples = g_new (double, N_SAMPLES);
  gsize n = take_samples (self, kind, samples);
  gsize n_left_out = (gsize) ceil ((double) n * LEFT_OUT);
  double all_low, all_high, usual;

  if (n <= 2 * n_left_out || !ckpt_blocks_get_range (self, kind, &all_low, &all_high))
    return FALSE;
  usual = samples[n - 1 - n_left_out] - samples[n_left_out];
  if (!(usual > 0) || !(all_high / FAR_FACTOR - all_low / FAR_FACTOR > usual))
    return FALSE;
  *low = samples[n_left_out];
  *high = samples[n - 1 - n_left_out];
  return TRUE;
}
