/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-amount.h"
#include "model/ckpt-tree.h"

G_BEGIN_DECLS

typedef enum
{
  CKPT_FIELD_DTYPE,
  CKPT_FIELD_TYPE,
  CKPT_FIELD_SHAPE,
  CKPT_FIELD_DIMS,
  CKPT_FIELD_DEVICE,
  CKPT_FIELD_SIZE,
  CKPT_FIELD_VALUES,
} CkptField;

/* One term of a query: what it asks of a value. */
typedef struct _CkptQueryTerm CkptQueryTerm;

CkptQueryTerm *ckpt_query_term_new          (CkptField            field,
                                             const char          *value,
                                             gboolean             is_negated,
                                             GError             **error);
/* Of a plain word that may be what a column shows: 768×768, float16, cuda:1. */
CkptQueryTerm *ckpt_query_term_new_for_word (const char          *word);
void           ckpt_query_term_free         (CkptQueryTerm       *self);
gboolean       ckpt_query_term_matches      (const CkptQueryTerm *self,
                                             CkptTree            *tree,
                                             CkptNodeId           node);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptQueryTerm, ckpt_query_term_free)

G_END_DECLS
