/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-path.h"

G_BEGIN_DECLS

/**
 * CkptSelectorKind:
 * @CKPT_SELECT_SUBSCRIPT: `["key"]`, `[0]`: a key of a dict or an index; or `.items[0]`, `.args[0]`, `.kwargs["name"]`
 * @CKPT_SELECT_NUMBER: `[#3]`: the third key, counted from 0, of those that have no literal
 * @CKPT_SELECT_NAME: `.name`, or `.state["odd name"]`
 * @CKPT_SELECT_STATE: `.state`
 */
typedef enum
{
  CKPT_SELECT_SUBSCRIPT,
  CKPT_SELECT_NUMBER,
  CKPT_SELECT_NAME,
  CKPT_SELECT_STATE,
} CkptSelectorKind;

/**
 * CkptSelector:
 * @kind: what it looks like
 * @step: the kind of child that it selects; a KEY also selects an INDEX
 * @text: (nullable): the text of a text key or name
 * @literal: (nullable): the literal of any other key, as ckpt_repr_append() writes it
 * @number: the number, for @CKPT_SELECT_NUMBER
 *
 * One step of a path as text.
 */
typedef struct
{
  CkptSelectorKind kind;
  CkptStepKind step;
  GString *text;
  char *literal;
  guint32 number;
} CkptSelector;

void     ckpt_selector_clear  (CkptSelector   *self);
/* The next step of a path in the long form at *@at, which moves on. */
gboolean ckpt_selector_parse  (CkptSelector   *self,
                               const char    **at,
                               GError        **error);
/* The child of @node that it selects. */
gboolean ckpt_selector_find   (CkptSelector   *self,
                               CkptTree       *tree,
                               CkptNodeId      node,
                               CkptChild      *child);
void     ckpt_path_append_step (GString       *out,
                                CkptTree      *tree,
                                CkptNodeId     parent,
                                const CkptChild *step);
/* Sets an error that says what there is instead of @wanted below the value at @path. */
void     ckpt_path_explain    (CkptTree       *tree,
                               const CkptPath *path,
                               const char     *wanted,
                               GError        **error);
/* The text that a part of a short path is compared with, or NULL for a child that has none. */
char    *ckpt_path_get_short_label (CkptTree        *tree,
                                    const CkptChild *child);
gboolean ckpt_path_is_int_key (CkptTree        *tree,
                               const CkptChild *child);

G_END_DECLS
