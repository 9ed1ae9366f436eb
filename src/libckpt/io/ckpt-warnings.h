/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-error.h"

G_BEGIN_DECLS

/**
 * CkptWarning:
 * @place: the stable code and where it is
 * @node: the value it is about, or %G_MAXUINT32
 * @path: (nullable): the text form of the path to that value
 * @message: one sentence that a person can act on
 * @count: how many times this happened; only the first few places of one code are kept apart
 *
 * Something odd that did not stop the opening. A good file has none.
 */
typedef struct
{
  CkptPlace place;
  guint32 node;
  char *path;
  char *message;
  guint count;
} CkptWarning;

typedef struct _CkptWarnings CkptWarnings;

CkptWarnings      *ckpt_warnings_new     (void);
void               ckpt_warnings_free    (CkptWarnings *self);
/* The returned warning can be given a record, a node and so on until the next call; NULL if it was only counted. */
CkptWarning       *ckpt_warnings_add     (CkptWarnings *self,
                                          const char   *code,
                                          const char   *record,
                                          guint64       offset,
                                          const char   *format,
                                          ...) G_GNUC_PRINTF (5, 6);
CkptWarning       *ckpt_warnings_add_node (CkptWarnings *self,
                                          const char   *code,
                                          guint32       node,
                                          const char   *format,
                                          ...) G_GNUC_PRINTF (4, 5);
guint              ckpt_warnings_get_n   (CkptWarnings *self);
CkptWarning       *ckpt_warnings_get     (CkptWarnings *self,
                                          guint         i);
gboolean           ckpt_warnings_has     (CkptWarnings *self,
                                          const char   *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptWarnings, ckpt_warnings_free)

G_END_DECLS
