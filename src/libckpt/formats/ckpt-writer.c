/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-writer.h"

#include <libdeflate.h>
#include <zlib.h>

/* Runs are joined up to this length, so that verifying 100,000 small records does not take a system call each. */
#define RUN_LENGTH ((gsize) 1 << 20)

/* Ranges of less than this pass through memory in any case. */
#define SMALL_COPY ((guint64) 64 << 10)

struct _CkptWriter
{
  CkptOutput *output;
  GArray *runs; /* of CkptRun */
  CkptRun run;  /* the one that may still grow; without bytes if there is none */
};

/**
 * ckpt_writer_new:
 * @output: the new file, of which nothing is written yet; must outlive the writer
 *
 * Returns: (transfer full): what writes it
 */
CkptWriter *
ckpt_writer_new (CkptOutput *output)
{
  CkptWriter *self = g_new0 (CkptWriter, 1);

  self->output = output;
  self->runs = g_array_new (FALSE, FALSE, sizeof (CkptRun));
  return self;
}

/**
 * ckpt_writer_free:
 * @self: (transfer full): a writer
 */
void
ckpt_writer_free (CkptWriter *self)
{
  g_array_unref (self->runs);
  g_free (self);
}

/**
 * ckpt_writer_get_position:
 * @self: a writer
 *
 * Returns: byte of the new file that comes next
 */
guint64
ckpt_writer_get_position (CkptWriter *self)
{
  return ckpt_output_get_position (self->output);
}

static void
end_run (CkptWriter *self)
{
  if (self->run.length > 0)
    g_array_append_val (self->runs, self->run);
  self->run.length = 0;
}

/* Makes room in the run for bytes that come next. */
static void
begin_run (CkptWriter *self, gsize length)
{
  if (length > RUN_LENGTH - MIN (self->run.length, RUN_LENGTH))
    end_run (self);
  if (self->run.length == 0)
    self->run = (CkptRun) { .offset = ckpt_output_get_position (self->output) };
}

/**
 * ckpt_writer_write:
 * @self: a writer
 * @bytes: what comes next
 * @length: how many
 * @error: return location
 *
 * Returns: FALSE with the errors of ckpt_output_write()
 */
gboolean
ckpt_writer_write (CkptWriter *self, const void *bytes, gsize length, GError **error)
{
  begin_run (self, length);
  self->run.crc = libdeflate_crc32 (self->run.crc, bytes, length);
  self->run.length += length;
  return ckpt_output_write (self->output, bytes, length, error);
}

static gboolean
copy_small (CkptWriter *self, CkptSource *source, guint64 offset, gsize length, guint32 *crc, GError **error)
{
  guint32 sum = 0;

  begin_run (self, length);
  if (!ckpt_output_copy (self->output, source, offset, length, &sum, error))
    return FALSE;

  self->run.crc = crc32_combine (self->run.crc, sum, length);
  self->run.length += length;
  if (crc != NULL)
    *crc = sum;
  return TRUE;
}

/**
 * ckpt_writer_copy:
 * @self: a writer
 * @source: another file
 * @offset: byte of it where to begin
 * @length: how many
 * @crc: (out) (optional): the CRC-32 of these bytes, for which they are read
 * @error: return location
 *
 * Returns: FALSE with the errors of ckpt_output_copy()
 */
gboolean
ckpt_writer_copy (CkptWriter *self,
                  CkptSource *source,
                  guint64 offset,
                  guint64 length,
                  guint32 *crc,
                  GError **error)
{
  if (length < SMALL_COPY)
    return copy_small (self, source, offset, length, crc, error);

  end_run (self);
  if (crc != NULL)
    *crc = 0;
  return ckpt_output_copy (self->output, source, offset, length, crc, error);
}

/**
 * ckpt_writer_get_runs:
 * @self: a writer that is through
 * @n_runs: (out): how many
 *
 * Returns: (transfer none) (array length=n_runs): what passed through memory, in order
 */
const CkptRun *
ckpt_writer_get_runs (CkptWriter *self, guint *n_runs)
{
  end_run (self);
  *n_runs = self->runs->len;
  return (const CkptRun *) (gpointer) self->runs->data;
}
