/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "io/ckpt-archive.h"
#include "io/ckpt-warnings.h"

G_BEGIN_DECLS

/* The records of a zip as PyTorch looks them up: under one folder, in any case of letters. */
typedef struct _CkptZipNames CkptZipNames;

CkptZipNames *ckpt_zip_names_new        (CkptArchive   *archive);
void          ckpt_zip_names_free       (CkptZipNames  *self);
/* The folder with its slash; empty without a folder. */
const char   *ckpt_zip_names_get_prefix (CkptZipNames  *self);
/* The name of a record under the folder, or NULL if it is outside. */
const char   *ckpt_zip_names_get_inside (CkptZipNames  *self,
                                         guint          index);
gboolean      ckpt_zip_names_has        (CkptZipNames  *self,
                                         const char    *name);
gboolean      ckpt_zip_names_find       (CkptZipNames  *self,
                                         CkptWarnings  *warnings,
                                         const char    *name,
                                         guint         *index);
/* Warns of what makes PyTorch refuse the file, or could make it take another record. */
void          ckpt_zip_names_check      (CkptZipNames  *self,
                                         CkptWarnings  *warnings);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CkptZipNames, ckpt_zip_names_free)

G_END_DECLS
