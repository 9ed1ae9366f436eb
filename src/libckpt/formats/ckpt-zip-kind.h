/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "formats/ckpt-zip-names.h"

G_BEGIN_DECLS

typedef enum
{
  CKPT_ZIP_KIND_CHECKPOINT,   /* of torch.save() */
  CKPT_ZIP_KIND_TORCHSCRIPT,  /* of torch.jit.save() */
  CKPT_ZIP_KIND_MOBILE,       /* the same for the lite interpreter */
  CKPT_ZIP_KIND_MODEL_JSON,   /* of torch.jit.save() before 1.4 */
  CKPT_ZIP_KIND_PT2,          /* of torch.export.save() */
  CKPT_ZIP_KIND_PACKAGE,      /* of torch.package */
  CKPT_ZIP_KIND_OTHER,
} CkptZipKind;

CkptZipKind ckpt_zip_kind_get     (CkptArchive   *archive,
                                   CkptZipNames  *names);
/* What a zip that PyTorch did not write is instead: always sets @error. */
void        ckpt_zip_kind_explain (CkptArchive   *archive,
                                   CkptZipNames  *names,
                                   GError       **error);
/* The same if this record alone tells it: whether it does. */
gboolean    ckpt_zip_kind_explain_record (const CkptRecord *record,
                                   GError       **error);

G_END_DECLS
