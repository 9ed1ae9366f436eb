/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-plan.h"

G_BEGIN_DECLS

/**
 * CkptSafetensorsEntry:
 * @name: its name; owned by the plan
 * @dtype: its type as safetensors calls it
 * @rank: place of that type in the order of the file
 * @tensor: the tensor
 */
typedef struct
{
  const char *name;
  const char *dtype;
  guint rank;
  const CkptTensor *tensor;
} CkptSafetensorsEntry;

/**
 * CkptSafetensorsFact:
 * @name: owned by the plan, as is @value
 */
typedef struct
{
  const char *name;
  const char *value;
} CkptSafetensorsFact;

/**
 * CkptSafetensorsWriter:
 * @entries: (element-type CkptSafetensorsEntry): the tensors
 * @metadata: (element-type CkptSafetensorsFact): texts beside them
 * @has_metadata: whether the header has a place for them
 *
 * A safetensors file that is going to be written.
 */
typedef struct
{
  CkptPlan *plan;
  GArray *entries;
  GArray *metadata;
  gboolean has_metadata;
} CkptSafetensorsWriter;

/* Finds out what of the tree has a place in the file: in ckpt-safetensors-choice.c. */
gboolean ckpt_safetensors_writer_choose (CkptSafetensorsWriter  *self,
                                         GError                **error);

G_END_DECLS
