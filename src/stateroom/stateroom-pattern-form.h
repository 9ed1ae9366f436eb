/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "stateroom-form.h"

G_BEGIN_DECLS

/**
 * StateroomPatternKind:
 * @STATEROOM_PATTERN_ADD: a prefix is put in front of keys
 * @STATEROOM_PATTERN_PREFIX: a prefix of keys becomes another one
 * @STATEROOM_PATTERN_REGEX: a regular expression is replaced
 */
typedef enum
{
  STATEROOM_PATTERN_ADD,
  STATEROOM_PATTERN_PREFIX,
  STATEROOM_PATTERN_REGEX,
} StateroomPatternKind;

#define STATEROOM_TYPE_PATTERN_FORM (stateroom_pattern_form_get_type ())

/* How many keys are renamed at once, with all of them before and after. */
G_DECLARE_FINAL_TYPE (StateroomPatternForm, stateroom_pattern_form, STATEROOM, PATTERN_FORM, GtkBox)

GtkWidget *stateroom_pattern_form_new      (CkptItem             *item,
                                            StateroomPatternKind  kind);
/* Fills it in, for tests. */
void       stateroom_pattern_form_set_text (StateroomPatternForm *self,
                                            const char           *find,
                                            const char           *replacement);

G_END_DECLS
