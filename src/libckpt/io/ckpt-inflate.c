/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "io/ckpt-inflate.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <zlib.h>

#define INPUT_SIZE   ((gsize) 16 << 10)
#define SCRATCH_SIZE ((gsize) 32 << 10)

/* States are kept every so many bytes of output, about 40 kB each; when there are too many, every second one
 * is let go. */
#define FIRST_SPACING ((guint64) 1 << 20)
#define MAX_STATES    64

/* A place in the output from which inflating can go on. */
typedef struct
{
  z_stream stream;
  guint64 n_in;  /* bytes of input used up */
  guint64 n_out; /* bytes of output made */
} State;

struct _CkptInflate
{
  CkptSource *source;
  guint64 offset;
  guint64 stored_size;
  guint64 size;

  State now;
  gboolean is_lost; /* @now holds no usable stream */
  guint64 n_loaded; /* bytes of input loaded into @input so far; the last of them are still in the stream */
  guint8 *input;
  guint8 *scratch;

  GPtrArray *states; /* element-type State, by rising n_out */
  guint64 spacing;
};

static void
state_free (gpointer data)
{
  State *state = data;

  inflateEnd (&state->stream);
  g_free (state);
}

static gboolean
set_memory_error (GError **error)
{
  return ckpt_error_set (error, CKPT_ERROR_LIMIT, "out-of-memory",
                         _ ("There is not enough memory to unpack the record."));
}

/**
 * ckpt_inflate_new:
 * @source: a file
 * @offset: where the deflated bytes begin
 * @stored_size: how many there are
 * @size: how many bytes they are said to hold
 * @error: return location
 *
 * Prepares to read a raw deflate stream (RFC 1951), as members of a zip are. Nothing is read yet.
 *
 * Returns: (transfer full): a reader, or %NULL with %CKPT_ERROR_LIMIT
 */
CkptInflate *
ckpt_inflate_new (CkptSource *source, guint64 offset, guint64 stored_size, guint64 size, GError **error)
{
  CkptInflate *self = g_new0 (CkptInflate, 1);

  if (inflateInit2 (&self->now.stream, -MAX_WBITS) != Z_OK)
    {
      g_free (self);
      set_memory_error (error);
      return NULL;
    }
  self->source = ckpt_source_ref (source);
  self->offset = offset;
  self->stored_size = stored_size;
  self->size = size;
  self->input = g_malloc (INPUT_SIZE);
  self->scratch = g_malloc (SCRATCH_SIZE);
  self->states = g_ptr_array_new_with_free_func (state_free);
  self->spacing = FIRST_SPACING;
  return self;
}

/**
 * ckpt_inflate_free:
 * @self: (transfer full): a reader
 */
void
ckpt_inflate_free (CkptInflate *self)
{
  if (!self->is_lost)
    inflateEnd (&self->now.stream);
  g_ptr_array_unref (self->states);
  g_free (self->input);
  g_free (self->scratch);
  ckpt_source_unref (self->source);
  g_free (self);
}

static void
thin_out_states (CkptInflate *self)
{
  self->spacing *= 2;
  for (guint i = 0; i < self->states->len; i++)
    g_ptr_array_remove_index (self->states, i);
}

/* Keeps a copy of the stream as it is now. Without memory for it there is none, and going back takes longer.
 * */
static void
save_state (CkptInflate *self)
{
  State *state;

  if (self->states->len >= MAX_STATES)
    thin_out_states (self);
  state = g_new0 (State, 1);
  if (inflateCopy (&state->stream, &self->now.stream) != Z_OK)
    {
      g_free (state);
      return;
    }
  state->n_in = self->n_loaded - self->now.stream.avail_in;
  state->n_out = self->now.n_out;
  g_ptr_array_add (self->states, state);
}

static gboolean
is_state_due (CkptInflate *self)
{
  State *last = self->states->len > 0 ? g_ptr_array_index (self->states, self->states->len - 1) : NULL;

  return self->now.n_out >= (last != NULL ? last->n_out : 0) + self->spacing;
}

/* The last saved state at or before @offset of the output, or NULL for the beginning. */
static State *
find_state (CkptInflate *self, guint64 offset)
{
  State *found = NULL;

  for (guint i = 0; i < self->states->len; i++)
    {
      State *state = g_ptr_array_index (self->states, i);

      if (state->n_out > offset)
        break;
      found = state;
    }
  return found;
}

static gboolean
restore (CkptInflate *self, State *state, GError **error)
{
  int result;

  if (!self->is_lost)
    inflateEnd (&self->now.stream);
  self->now = (State) { 0 };
  if (state != NULL)
    result = inflateCopy (&self->now.stream, &state->stream);
  else
    result = inflateInit2 (&self->now.stream, -MAX_WBITS);
  self->is_lost = result != Z_OK;
  if (self->is_lost)
    return set_memory_error (error);
  self->now.stream.avail_in = 0;
  self->now.n_out = state != NULL ? state->n_out : 0;
  self->n_loaded = state != NULL ? state->n_in : 0;
  return TRUE;
}

/* Goes to the best place to reach @offset from: where the stream stands, or a saved state. */
static gboolean
seek_before (CkptInflate *self, guint64 offset, GError **error)
{
  State *state = find_state (self, offset);
  guint64 n_out = state != NULL ? state->n_out : 0;

  if (!self->is_lost && self->now.n_out <= offset && self->now.n_out >= n_out)
    return TRUE;
  return restore (self, state, error);
}

static gboolean
load_input (CkptInflate *self, GError **error)
{
  gsize n = MIN (INPUT_SIZE, self->stored_size - self->n_loaded);

  if (self->now.stream.avail_in > 0 || n == 0)
    return TRUE;
  if (!ckpt_source_read (self->source, self->offset + self->n_loaded, self->input, n, error))
    return FALSE;
  self->now.stream.next_in = self->input;
  self->now.stream.avail_in = n;
  self->n_loaded += n;
  return TRUE;
}

static gboolean
set_data_error (CkptInflate *self, int result, GError **error)
{
  guint64 n_in = self->n_loaded - self->now.stream.avail_in;

  if (result == Z_STREAM_END)
    ckpt_error_set (error, CKPT_ERROR_MALFORMED, "deflate-short",
                    _ ("The packed data gives %" PRIu64 " bytes where %" PRIu64 " are announced."),
                    self->now.n_out, self->size);
  else if (result == Z_MEM_ERROR)
    return set_memory_error (error);
  else if (result == Z_BUF_ERROR)
    ckpt_error_set (error, CKPT_ERROR_TRUNCATED, "deflate-truncated",
                    _ ("The packed data ends early: it gives %" PRIu64 " of %" PRIu64 " bytes."),
                    self->now.n_out, self->size);
  else
    ckpt_error_set (error, CKPT_ERROR_MALFORMED, "deflate-invalid", _ ("The packed data is damaged."));
  if (error != NULL)
    ckpt_error_set_place (*error, NULL, self->now.n_out, self->offset + n_in, NULL);
  return FALSE;
}

/* Makes exactly @length bytes of output. */
static gboolean
produce (CkptInflate *self, guint8 *buffer, gsize length, GError **error)
{
  z_stream *stream = &self->now.stream;
  int result = Z_OK;

  stream->next_out = buffer;
  while (length > 0)
    {
      guint n = MIN (length, G_MAXINT32);

      if (!load_input (self, error))
        return FALSE;
      stream->avail_out = n;
      result = inflate (stream, Z_NO_FLUSH);
      n -= stream->avail_out;
      self->now.n_out += n;
      length -= n;
      if (result != Z_OK && (result != Z_STREAM_END || length > 0))
        return set_data_error (self, result, error);
    }
  return TRUE;
}

/* All of the output was made: what is packed must end there too. */
static gboolean
check_end (CkptInflate *self, GError **error)
{
  z_stream *stream = &self->now.stream;
  guint8 extra;
  int result = Z_OK;

  while (result == Z_OK)
    {
      if (!load_input (self, error))
        return FALSE;
      stream->next_out = &extra;
      stream->avail_out = 1;
      result = inflate (stream, Z_NO_FLUSH);
      if (stream->avail_out > 0)
        continue;
      self->now.n_out++;
      ckpt_error_set (error, CKPT_ERROR_MALFORMED, "deflate-long",
                      _ ("The packed data gives more than the %" PRIu64 " bytes that are announced."),
                      self->size);
      if (error != NULL)
        ckpt_error_set_place (*error, NULL, self->size, CKPT_NO_OFFSET, NULL);
      return FALSE;
    }
  return result == Z_STREAM_END || set_data_error (self, result, error);
}

static gboolean
step (CkptInflate *self, guint8 *buffer, gsize length, GError **error)
{
  if (is_state_due (self))
    save_state (self);
  if (!produce (self, buffer, length, error))
    return FALSE;
  return self->now.n_out < self->size || check_end (self, error);
}

/**
 * ckpt_inflate_read:
 * @self: a reader
 * @offset: byte of the unpacked data where to begin
 * @buffer: (out caller-allocates): where to put the bytes; on failure its content is anything
 * @length: how many; all must lie within the announced size
 * @error: return location
 *
 * Reads a range of the unpacked data. What comes before it is inflated and thrown away, once; later reads
 * start from the
 * nearest of the states that were saved on the way. Nothing is made beyond the announced size.
 *
 * Returns: %FALSE with %CKPT_ERROR_TRUNCATED, %CKPT_ERROR_MALFORMED (also if the announced size is wrong),
 *   %CKPT_ERROR_LIMIT or
 *   an error of reading the file
 */
gboolean
ckpt_inflate_read (CkptInflate *self, guint64 offset, gpointer buffer, gsize length, GError **error)
{
  guint8 *to = buffer;

  g_return_val_if_fail (offset <= self->size && length <= self->size - offset, FALSE);

  if (length == 0)
    return TRUE;
  if (!seek_before (self, offset, error))
    return FALSE;
  while (self->now.n_out < offset)
    if (!step (self, self->scratch, MIN (SCRATCH_SIZE, offset - self->now.n_out), error))
      return FALSE;
  while (length > 0)
    {
      gsize n = MIN (length, FIRST_SPACING);

      if (!step (self, to, n, error))
        return FALSE;
      to += n;
      length -= n;
    }
  return TRUE;
}
