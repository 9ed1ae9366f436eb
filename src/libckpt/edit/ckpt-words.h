/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/ckpt-path.h"

G_BEGIN_DECLS

typedef struct _CkptVerb CkptVerb;

/* What follows a verb: words in their order, and options `--name` or `--name=value`. Does not change. */
typedef struct _CkptWords CkptWords;

CkptWords  *ckpt_words_new        (const CkptVerb     *verb,
                                   const char *const  *words,
                                   GError            **error);
void        ckpt_words_free       (CkptWords          *self);
guint       ckpt_words_get_n      (const CkptWords    *self);
/* NULL where there is no such word. */
const char *ckpt_words_get        (const CkptWords    *self,
                                   guint               i);
gboolean    ckpt_words_has_option (const CkptWords    *self,
                                   const char         *name);
/* NULL where it was not given; "" of one without a value. */
const char *ckpt_words_get_option (const CkptWords    *self,
                                   const char         *name);
/* As they stand in a recipe, quoted for a shell where that is needed. */
char       *ckpt_words_to_string  (const CkptWords    *self);
GPtrArray  *ckpt_words_match      (const CkptWords    *self,
                                   guint               i,
                                   CkptTree           *tree,
                                   GError            **error);
GPtrArray  *ckpt_words_match_all  (const CkptWords    *self,
                                   guint               from,
                                   CkptTree           *tree,
                                   GError            **error);
GArray     *ckpt_words_list_under (const CkptWords    *self,
                                   CkptTree           *tree,
                                   GError            **error);

/* A word as a shell takes it: quoted if it would not stand as it is. */
char       *ckpt_word_quote       (const char         *word);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptWords, ckpt_words_free)

G_END_DECLS
