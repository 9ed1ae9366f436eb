/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "formats/ckpt-zip-writer.h"

#include <inttypes.h>
#include <libdeflate.h>
#include <string.h>

/* PyTorchStreamWriter::writeSerializationId() of caffe2/serialize/inline_container.cc: 20 digits made from the names of the
 * records, 20 from their CRCs. No reader looks at what they are. */

#define HALF 20

/* at::hash_combine() of c10/util/hash.h */
static guint64
combine (guint64 hash, guint64 value)
{
  return hash ^ (value + G_GUINT64_CONSTANT (0x9e3779b9) + (hash << 6) + (hash >> 2));
}

static guint64
hash_data (CkptZipWriter *self)
{
  guint64 hash = 0;

  for (guint i = 0; i < self->id; i++)
    {
      const CkptPlanRecord *record = ckpt_plan_get_record (self->plan, i);

      if (record->size > 0)
        hash = combine (hash, record->crc);
    }
  return hash;
}

/* PyTorch's depends on the C++ library and on the order of a hash table; this one says as much. */
static guint64
hash_names (CkptZipWriter *self)
{
  guint64 hash = 0;

  for (guint i = 0; i < self->id; i++)
    {
      const CkptPlanRecord *record = ckpt_plan_get_record (self->plan, i);

      hash = combine (hash, libdeflate_crc32 (0, record->name, record->name_length));
    }
  return hash;
}

static gboolean
has_same_names (CkptZipWriter *self)
{
  guint n = self->plan->records->len;

  if (self->source == NULL || ckpt_archive_get_n (self->source) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!ckpt_archive_find (self->source, ckpt_plan_get_record (self->plan, i)->name, NULL))
      return FALSE;
  return TRUE;
}

/**
 * ckpt_zip_writer_make_id:
 * @self: a zip whose records are written up to its serialization id
 * @id: (out caller-allocates): 40 digits and a NUL
 *
 * The first half is that of the zip which is written anew, if the names are the same.
 */
void
ckpt_zip_writer_make_id (CkptZipWriter *self, char id[41])
{
  const char *former = self->source != NULL ? ckpt_tree_get_fact (self->plan->origin, "serialization_id")
                                            : NULL;
  gboolean is_sound = former != NULL && strlen (former) == 2 * HALF &&
                      strspn (former, "0123456789") == 2 * HALF;

  g_snprintf (id, 41, "%020" PRIu64 "%020" PRIu64, hash_names (self), hash_data (self));
  if (is_sound && has_same_names (self))
    memcpy (id, former, HALF);
}
