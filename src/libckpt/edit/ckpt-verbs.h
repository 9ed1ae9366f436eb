/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "edit/ckpt-verb.h"

G_BEGIN_DECLS

/* One a file ckpt-edit-*.c; sorted. */
extern const CkptVerb ckpt_verb_cast;
extern const CkptVerb ckpt_verb_compact;
extern const CkptVerb ckpt_verb_device;
extern const CkptVerb ckpt_verb_duplicate;
extern const CkptVerb ckpt_verb_eval;
extern const CkptVerb ckpt_verb_insert;
extern const CkptVerb ckpt_verb_keep;
extern const CkptVerb ckpt_verb_keep_ema;
extern const CkptVerb ckpt_verb_prefix;
extern const CkptVerb ckpt_verb_reads_in;
extern const CkptVerb ckpt_verb_remove;
extern const CkptVerb ckpt_verb_remove_optimizer;
extern const CkptVerb ckpt_verb_rename;
extern const CkptVerb ckpt_verb_rename_prefix;
extern const CkptVerb ckpt_verb_rename_regex;
extern const CkptVerb ckpt_verb_set;
extern const CkptVerb ckpt_verb_split;
extern const CkptVerb ckpt_verb_state_dict;
extern const CkptVerb ckpt_verb_train;
extern const CkptVerb ckpt_verb_unwrap;
extern const CkptVerb ckpt_verb_unwrap_object;
extern const CkptVerb ckpt_verb_weights_only;

G_END_DECLS
